/**
 * What the paper measured (SOSP 1995, Tables 4 to 7, 11 and 12 in microseconds, Table 9 in seconds) on the DECstation
 * 2100, 3100 and 5000/125, and what is to blame where ours is higher. Printed beside ours, never used to make ours.
 */

import type { MachineChoice } from '../workstation/index.js';

type ModelName = MachineChoice['model'];

type PerMachine = Partial<Readonly<Record<ModelName, number>>>;

interface PaperTable {
  readonly table: string;
  readonly unit: 'us' | 's';
  readonly aegis: PerMachine;
  readonly ultrix: PerMachine;
  /** As the paper counts them: Aegis's, without the loop. */
  readonly instructions?: number;
  /** What must be said beside it. */
  readonly note?: string;
  /** Why ours is higher, where it is: the instructions, or the machine. */
  readonly blame?: string;
}

/** A row of the paper's for one machine; undefined where the paper has none, as for Ultrix 4.2. */
export interface PaperFigure {
  readonly table: string;
  readonly unit: 'us' | 's';
  readonly aegis: number | undefined;
  readonly ultrix: number | undefined;
  readonly instructions?: number;
  readonly note?: string;
  readonly blame?: string;
}

export type ExperimentName =
  | 'procedure-call'
  | 'null-call'
  | 'null-call-stack'
  | 'cid-switch'
  | 'exception-unalign'
  | 'exception-overflow'
  | 'exception-coproc'
  | 'exception-prot'
  | 'control-transfer'
  | 'control-transfer-library'
  | 'matrix-multiply'
  | 'classify-warm'
  | 'classify-cold'
  | 'classify-empty'
  | 'stlb-hit'
  | 'stlb-miss'
  | `revoke-page-${1 | 8 | 64}`
  | 'revoke-slice-1'
  | `abort-page-${1 | 8 | 64}`
  | `abort-twice-${1 | 8 | 64}`
  | 'abort-slice-1'
  | 'abort-extent-1'
  | 'abort-line-1'
  | 'abort-filter-1'
  | 'abort-tile-1'
  | 'udp-echo'
  | 'udp-echo-handler';

/** In the paper's order of machines. */
function machines(dec2100: number, dec3100: number, dec5000: number): PerMachine {
  return { '2100': dec2100, '3100': dec3100, '5000/125': dec5000 };
}

const NONE: PerMachine = {};
/** Not in the paper. */
const NOWHERE: PaperTable = { table: '', unit: 'us', aegis: NONE, ultrix: NONE };

const PAPER: Readonly<Record<ExperimentName, PaperTable>> = {
  'procedure-call': {
    table: 'Table 4',
    unit: 'us',
    aegis: machines(0.56, 0.42, 0.28),
    ultrix: machines(0.57, 0.42, 0.28),
  },
  'null-call': {
    table: 'Table 4',
    unit: 'us',
    aegis: machines(3.2, 2.9, 1.6),
    ultrix: machines(32.2, 33.7, 21.3),
  },
  'null-call-stack': {
    table: 'Table 4',
    unit: 'us',
    aegis: machines(4.7, 3.5, 2.3),
    ultrix: machines(32.2, 33.7, 21.3),
  },
  'cid-switch': NOWHERE,
  'exception-unalign': {
    table: 'Table 5',
    unit: 'us',
    aegis: machines(2.8, 2.1, 1.5),
    ultrix: NONE,
    instructions: 18,
  },
  'exception-overflow': {
    table: 'Table 5',
    unit: 'us',
    aegis: machines(2.8, 2.1, 1.5),
    ultrix: machines(208, 151, 130),
    instructions: 18,
  },
  'exception-coproc': {
    table: 'Table 5',
    unit: 'us',
    aegis: machines(2.8, 2.1, 1.5),
    ultrix: NONE,
    instructions: 18,
  },
  'exception-prot': {
    table: 'Table 5',
    unit: 'us',
    aegis: machines(3, 2.3, 1.5),
    ultrix: machines(238, 177, 154),
    instructions: 18,
  },
  'control-transfer': {
    table: 'Table 6',
    unit: 'us',
    aegis: machines(2.9, 2.2, 1.4),
    ultrix: NONE,
    instructions: 30,
  },
  'control-transfer-library': {
    table: 'Table 12',
    unit: 'us',
    aegis: machines(13.9 / 2, 10.4 / 2, 6.3 / 2),
    ultrix: NONE,
    note: 'By exo_scall: the paper column is half of its lrpc, a round trip of 13.9, 10.4 and 6.3 us (Table 12)',
    blame:
      'by exo_scall: 48 instructions of the library besides the 26 of Aegis, to save and load eleven registers. Its stores wait for the write buffer, and of what the two environments keep in their user pages some shares lines of the data cache: 40 to 60 cycles of stalls each way',
  },
  'matrix-multiply': {
    table: 'Table 9',
    unit: 's',
    aegis: machines(7, 5.2, 3.7),
    ultrix: machines(7.1, 5.2, 3.8),
  },
  'classify-warm': {
    table: 'Table 7',
    unit: 'us',
    aegis: { '5000/125': 1.5 },
    ultrix: NONE,
    note: "Table 7 was measured on a DECstation 5000/200, which is not modelled; its figures stand beside the 5000/125's, whose clock is as fast. They are DPF's; PATHFINDER took 19 us warm and 39 cold, MPF 35 and 71",
    blame:
      'warm, by the loop and the call, 7.5 instructions (third row). The classifier takes 33 and is below the paper: 7 load a field, 16 make constants, 9 compare and branch, a return',
  },
  'classify-cold': {
    table: 'Table 7',
    unit: 'us',
    aegis: { '5000/125': 7.5 },
    ultrix: NONE,
    blame:
      "cold: each of the classifier's instructions is a miss of the instruction cache, and this memory gives one word at 13 cycles: 34 x 13 = 442 of the cycles. The memory of a 5000/200 fills a block of several words",
  },
  'classify-empty': { table: '', unit: 'us', aegis: NONE, ultrix: NONE },
  'stlb-hit': {
    table: '5.3',
    unit: 'us',
    aegis: NONE,
    ultrix: NONE,
    instructions: 18,
    note: 'The paper gives 1 to 2 us for a refill from the software TLB, and at least 3 to 6 us more for one by the application',
  },
  'stlb-miss': NOWHERE,
  'revoke-page-1': NOWHERE,
  'revoke-page-8': NOWHERE,
  'revoke-page-64': NOWHERE,
  'revoke-slice-1': NOWHERE,
  'abort-page-1': NOWHERE,
  'abort-page-8': NOWHERE,
  'abort-page-64': NOWHERE,
  'abort-twice-1': NOWHERE,
  'abort-twice-8': NOWHERE,
  'abort-twice-64': NOWHERE,
  'abort-slice-1': NOWHERE,
  'abort-extent-1': NOWHERE,
  'abort-line-1': NOWHERE,
  'abort-filter-1': NOWHERE,
  'abort-tile-1': NOWHERE,
  'udp-echo': {
    table: 'Table 11',
    unit: 'us',
    aegis: { '5000/125': 320 },
    ultrix: { '5000/125': 3400 },
    note: 'Table 11 is a round trip between two machines, with the software of both; here the peer answers at once',
  },
  'udp-echo-handler': { table: 'Table 11', unit: 'us', aegis: { '5000/125': 259 }, ultrix: NONE },
};

export const EXPERIMENTS: readonly ExperimentName[] = Object.keys(PAPER) as ExperimentName[];

export function paperFigure(experiment: ExperimentName, model: ModelName): PaperFigure {
  const { aegis, ultrix, ...rest } = PAPER[experiment];
  return { ...rest, aegis: aegis[model], ultrix: ultrix[model] };
}

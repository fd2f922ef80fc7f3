/**
 * What the paper measured on the DECstation 5000/125 (SOSP 1995, Tables 4 to 6 in microseconds, Table 9 in
 * seconds). Printed beside ours,
 * never used to make ours.
 */

export interface PaperFigure {
  readonly table: string;
  readonly unit: 'us' | 's';
  /** Undefined where the paper has none, as for Ultrix 4.2. */
  readonly aegis: number | undefined;
  readonly ultrix: number | undefined;
  /** What must be said beside it. */
  readonly note?: string;
}

export type ExperimentName =
  | 'procedure-call'
  | 'null-call'
  | 'null-call-stack'
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
  | 'udp-echo'
  | 'udp-echo-handler';

export const PAPER: Readonly<Record<ExperimentName, PaperFigure>> = {
  'procedure-call': { table: 'Table 4', unit: 'us', aegis: 0.28, ultrix: 0.28 },
  'null-call': { table: 'Table 4', unit: 'us', aegis: 1.6, ultrix: 21.3 },
  'null-call-stack': { table: 'Table 4', unit: 'us', aegis: 2.3, ultrix: 21.3 },
  'exception-unalign': { table: 'Table 5', unit: 'us', aegis: 1.5, ultrix: undefined },
  'exception-overflow': { table: 'Table 5', unit: 'us', aegis: 1.5, ultrix: 130 },
  'exception-coproc': { table: 'Table 5', unit: 'us', aegis: 1.5, ultrix: undefined },
  'exception-prot': { table: 'Table 5', unit: 'us', aegis: 1.5, ultrix: 154 },
  'control-transfer': { table: 'Table 6', unit: 'us', aegis: 1.4, ultrix: undefined },
  'control-transfer-library': { table: '', unit: 'us', aegis: undefined, ultrix: undefined },
  'matrix-multiply': { table: 'Table 9', unit: 's', aegis: 3.7, ultrix: 3.8 },
  'classify-warm': {
    table: 'Table 7',
    unit: 'us',
    aegis: 1.5,
    ultrix: undefined,
    note: 'Table 7 is of a 5000/200 (not modelled here): DPF; PATHFINDER 19 warm, 39 cold; MPF 35 and 71',
  },
  'classify-cold': { table: 'Table 7', unit: 'us', aegis: 7.5, ultrix: undefined },
  'classify-empty': { table: '', unit: 'us', aegis: undefined, ultrix: undefined },
  'udp-echo': {
    table: 'Table 11',
    unit: 'us',
    aegis: 320,
    ultrix: 3400,
    note: 'Table 11 is a round trip between two machines, with the software of both; here the peer answers at once',
  },
  'udp-echo-handler': { table: 'Table 11', unit: 'us', aegis: 259, ultrix: undefined },
};

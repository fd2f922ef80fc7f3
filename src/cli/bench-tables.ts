/** `exostation bench tables`: the paper's tables of primitive operations, machine by machine, with instructions and cycles. */

import type { ExperimentName, Measurement, PaperFigure } from '../bench/index.js';
import { MODELS, type ModelName } from '../machine/index.js';
import type { MachineChoice } from '../workstation/index.js';
import { EXPERIMENT_TITLES } from './bench-titles.js';
import { printNotice } from './run-command.js';

interface Group {
  readonly title: string;
  readonly experiments: readonly ExperimentName[];
  /** What a row stands for. */
  readonly notes: readonly string[];
}

const LOOPS: readonly Group[] = [
  {
    title: 'Table 3: primitive operations (the paper names them, and measured none)',
    experiments: ['cid-switch'],
    notes: [
      'A round: another addressing context of the program is installed; five instructions of the loop.',
    ],
  },
  {
    title: 'Table 4: null procedure call, null system call',
    experiments: ['procedure-call', 'null-call', 'null-call-stack'],
    notes: [
      'A round: the call, and three instructions that count and branch. A system call empties the pipeline: 3 cycles.',
      'Ultrix has one way into the kernel, measured by getpid.',
    ],
  },
  {
    title: 'Table 5: exception dispatch',
    experiments: ['exception-unalign', 'exception-overflow', 'exception-coproc', 'exception-prot'],
    notes: [
      'A round: what faults, Aegis, eight instructions of a handler that goes on behind it, three of the loop.',
    ],
  },
  {
    title: 'Table 6: protected control transfer, one way',
    experiments: ['control-transfer', 'control-transfer-library'],
    notes: [
      "Half of a call and its reply. Bare, they save no register, and the loop is counted, as in the paper's.",
    ],
  },
  {
    title: 'Table 7: classification of TCP/IP headers, ten filters',
    experiments: ['classify-warm', 'classify-cold', 'classify-empty'],
    notes: [
      'The classifier that Aegis compiled, in user space, with loop and call. Cold: copies of it in 64 pages, in turn.',
    ],
  },
  {
    title: 'Section 5.3: TLB refill',
    experiments: ['stlb-hit', 'stlb-miss'],
    notes: [
      'A round: a load from one of 512 pages in turn, begun twice, and three instructions of the loop. By the application:',
      'Aegis forwards the miss, ExOS looks in its page table and calls Aegis; from the vector until the load is repeated.',
      'Of its loads a few in a hundred find their entry in the TLB still.',
    ],
  },
];

const REVOCATION: Group = {
  title: 'Sections 3.3, 3.4: visible revocation, and abort (the paper measured neither)',
  experiments: [
    'revoke-page-1',
    'revoke-page-8',
    'revoke-page-64',
    'revoke-slice-1',
    'abort-page-1',
    'abort-page-8',
    'abort-page-64',
    'abort-twice-1',
    'abort-twice-8',
    'abort-twice-64',
    'abort-slice-1',
    'abort-extent-1',
    'abort-line-1',
    'abort-filter-1',
    'abort-tile-1',
  ],
  notes: [
    "Asked: from the start of the owner's next slice until Aegis has all: the upcall, ExOS, a call for each resource.",
    'Repossession: what Aegis does when the deadline has passed, from its first instruction to its last. The first page',
    'that is mapped in several places makes it empty the TLB and sweep the 4096 entries of the software TLB, once for',
    'all. Looking for pages of that owner passes the records of others by, as many as lie before them. Without a filter,',
    'the classifier is compiled again.',
  ],
};

export async function benchTablesCommand(
  models: readonly ModelName[],
  choiceOf: (model: ModelName) => MachineChoice,
  isJson: boolean,
): Promise<number> {
  const { paperFigure, runExperiments } = await import('../bench/index.js');
  const names = [...LOOPS, REVOCATION].flatMap(({ experiments }) => experiments);
  let status = 0;
  const reports: { readonly model: ModelName; readonly measurements: readonly Measurement[] }[] = [];
  for (const model of models) {
    const { measurements, problems } = runExperiments(names, choiceOf(model));
    for (const problem of problems) printNotice(`bench: ${model}: ${problem}`);
    if (problems.length > 0) status = 1;
    if (isJson) reports.push({ model, measurements });
    else process.stdout.write(report(model, measurements, (experiment) => paperFigure(experiment, model)));
  }
  if (isJson) process.stdout.write(`${JSON.stringify(reports, undefined, 2)}\n`);
  return status;
}

type PaperOf = (experiment: ExperimentName) => PaperFigure;

function report(model: ModelName, measurements: readonly Measurement[], paperOf: PaperOf): string {
  const megahertz = MODELS[model].timing.hertz / 1e6;
  const measured = (experiment: ExperimentName): Measurement | undefined =>
    measurements.find((one) => one.experiment === experiment);
  const loops = LOOPS.flatMap(({ title, experiments, notes }) => [
    title,
    ...experiments.map((one) => loopRow(EXPERIMENT_TITLES[one], measured(one), paperOf(one), megahertz)),
    ...notes.map(indented),
    ...experiments.flatMap((one) => remarks(measured(one), paperOf(one), megahertz)),
    '',
  ]);
  const revocations = REVOCATION.experiments.map((one) =>
    revocationRow(EXPERIMENT_TITLES[one], measured(one), megahertz),
  );
  return [
    `DECstation ${model}, ${megahertz} MHz. The paper: SOSP 1995, Aegis and Ultrix 4.2 on this machine unless noted.`,
    `${''.padEnd(TITLE_WIDTH)}${heads(['a round of the loop', 3], ['vector to user mode', 2], ['the paper', 3], ['', 1])}`,
    row('', ['instr.', 'cycles', 'us', 'instr.', 'cycles', 'instr.', 'cycles', 'us', 'Ultrix us']),
    ...loops,
    `${''.padEnd(TITLE_WIDTH)}${heads(['the fastest of five', 3], ['the first', 3])}`,
    row('', ['instr.', 'cycles', 'us', 'instr.', 'cycles', 'us']),
    REVOCATION.title,
    ...revocations,
    ...REVOCATION.notes.map(indented),
    '',
    '',
  ].join('\n');
}

const TITLE_WIDTH = 36;
const CELL_WIDTH = 10;

function row(title: string, cells: readonly string[]): string {
  return `${title.padEnd(TITLE_WIDTH)}${cells.map((cell) => cell.padStart(CELL_WIDTH)).join('')}`.trimEnd();
}

/** What stands above so many columns each. */
function heads(...titles: readonly (readonly [title: string, columns: number])[]): string {
  return titles
    .map(([title, columns]) => title.padStart(columns * CELL_WIDTH))
    .join('')
    .trimEnd();
}

function loopRow(
  title: string,
  ours: Measurement | undefined,
  paper: PaperFigure,
  megahertz: number,
): string {
  return row(title, [
    tenths(ours?.instructions),
    tenths(ours?.cycles),
    microseconds(ours?.cycles, megahertz),
    ours?.entry === undefined ? '' : tenths(ours.entry.instructions),
    ours?.entry === undefined ? '' : tenths(ours.entry.cycles),
    paper.instructions === undefined ? '' : String(paper.instructions),
    paper.aegis === undefined ? '' : String(Math.round(paper.aegis * megahertz)),
    paper.aegis === undefined ? '' : paper.aegis.toFixed(2),
    paper.ultrix === undefined ? '' : paper.ultrix.toFixed(2),
  ]);
}

function revocationRow(title: string, ours: Measurement | undefined, megahertz: number): string {
  return row(title, [
    tenths(ours?.instructions),
    tenths(ours?.cycles),
    microseconds(ours?.cycles, megahertz),
    tenths(ours?.first?.instructions),
    tenths(ours?.first?.cycles),
    microseconds(ours?.first?.cycles, megahertz),
  ]);
}

/** Rounded to tenths; '-' when there is none. */
function tenths(value: number | undefined): string {
  return value === undefined ? '-' : String(Math.round(value * 10) / 10);
}

function microseconds(cycles: number | undefined, megahertz: number): string {
  return cycles === undefined ? '-' : (cycles / megahertz).toFixed(2);
}

function remarks(ours: Measurement | undefined, paper: PaperFigure, megahertz: number): readonly string[] {
  const time = Number(microseconds(ours?.cycles, megahertz));
  const isHigher =
    time > (paper.aegis ?? Number.POSITIVE_INFINITY) ||
    (ours?.entry?.instructions ?? 0) > (paper.instructions ?? Number.POSITIVE_INFINITY);
  return [
    ...(paper.note === undefined ? [] : [`${paper.note}.`]),
    ...(isHigher ? [`Higher than the paper${paper.blame === undefined ? '' : `: ${paper.blame}`}.`] : []),
  ].flatMap(wrapped);
}

const TEXT_WIDTH = 112;

function indented(text: string): string {
  return `  ${text}`;
}

/** In lines of at most TEXT_WIDTH. */
function wrapped(text: string): readonly string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > TEXT_WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map(indented);
}

/** `exostation bench tables`: the paper's tables of primitive operations, machine by machine, with instructions and cycles. */

import type { ExperimentName, Measurement } from '../bench/index.js';
import { MODELS, type ModelName } from '../machine/index.js';
import type { MachineChoice } from '../workstation/index.js';
import { EXPERIMENT_TITLES } from './bench-titles.js';
import { printNotice } from './run-command.js';

const GROUPS: readonly (readonly [title: string, experiments: readonly ExperimentName[]])[] = [
  ['Table 4: null procedure call, null system call', ['procedure-call', 'null-call', 'null-call-stack']],
  [
    'Table 5: exception dispatch',
    ['exception-unalign', 'exception-overflow', 'exception-coproc', 'exception-prot'],
  ],
  ['Table 6: protected control transfer, one way', ['control-transfer', 'control-transfer-library']],
  ['Table 7: packet classification', ['classify-warm', 'classify-cold', 'classify-empty']],
  ['Section 5.3: TLB refill', ['stlb-hit', 'stlb-miss']],
  [
    'Sections 3.3, 3.4: revocation that is answered, and abort (the paper measured neither)',
    [
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
    ],
  ],
];

export async function benchTablesCommand(
  models: readonly ModelName[],
  choiceOf: (model: ModelName) => MachineChoice,
  isJson: boolean,
): Promise<number> {
  const { runExperiments } = await import('../bench/index.js');
  const names = GROUPS.flatMap(([, experiments]) => experiments);
  let status = 0;
  const reports: { readonly model: ModelName; readonly measurements: readonly Measurement[] }[] = [];
  for (const model of models) {
    const { measurements, problems } = runExperiments(names, choiceOf(model));
    for (const problem of problems) printNotice(`bench: ${model}: ${problem}`);
    if (problems.length > 0) status = 1;
    if (isJson) reports.push({ model, measurements });
    else process.stdout.write(await report(model, measurements));
  }
  if (isJson) process.stdout.write(`${JSON.stringify(reports, undefined, 2)}\n`);
  return status;
}

function line(title: string, cells: readonly string[]): string {
  return `${title.padEnd(36)}${cells.map((cell) => cell.padStart(13)).join('')}\n`;
}

/** Rounded to tenths; '-' when there is none. */
function number(value: number | undefined): string {
  return value === undefined ? '-' : String(Math.round(value * 10) / 10);
}

async function report(model: ModelName, measurements: readonly Measurement[]): Promise<string> {
  const { paperFigure } = await import('../bench/index.js');
  const megahertz = MODELS[model].timing.hertz / 1e6;
  const notes: string[] = [];
  const text = GROUPS.map(([title, experiments]) => {
    const rows = experiments.map((experiment) => {
      const measured = measurements.find((one) => one.experiment === experiment);
      const paper = paperFigure(experiment, model);
      if (paper.note !== undefined) notes.push(`${paper.note}.\n`);
      const cycles = measured?.cycles;
      return line(EXPERIMENT_TITLES[experiment], [
        number(measured?.instructions),
        number(cycles),
        cycles === undefined ? '-' : (cycles / megahertz).toFixed(2),
        paper.aegis === undefined ? '' : paper.aegis.toFixed(2),
        paper.aegis === undefined ? '' : String(Math.round(paper.aegis * megahertz)),
        paper.ultrix === undefined ? '' : paper.ultrix.toFixed(2),
      ]);
    });
    return `${line(title, [])}${rows.join('')}\n`;
  });
  const head = ['instructions', 'cycles', 'us', 'paper us', 'paper cycles', 'Ultrix us'];
  return [
    `DECstation ${model}, ${megahertz} MHz; paper: SOSP 1995, Aegis and Ultrix 4.2 on this machine\n`,
    line('', head),
    ...text,
    ...notes,
    '\n',
  ].join('');
}

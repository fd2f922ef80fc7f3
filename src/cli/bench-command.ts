/** `exostation bench`: the paper's experiments, ours beside the paper's. */

import type { ExperimentName, Measurement, PaperFigure } from '../bench/index.js';
import { MODELS, type ModelName } from '../machine/index.js';
import { FIXED_EPOCH_SECONDS, FIXED_SEED, InputError, type MachineChoice } from '../workstation/index.js';
import { DEFAULT_MODEL, parseMemory, parseModel } from './machine-options.js';
import { printNotice } from './run-command.js';

const TITLES: Readonly<Record<ExperimentName, string>> = {
  'procedure-call': 'null procedure call',
  'null-call': 'null system call, without stack',
  'null-call-stack': 'null system call, with stack',
  'exception-unalign': 'exception dispatch, unaligned load',
  'exception-overflow': 'exception dispatch, overflow',
  'exception-coproc': 'exception dispatch, coprocessor',
  'exception-prot': 'exception dispatch, protection',
  'control-transfer': 'protected control transfer',
  'control-transfer-library': '  with its library OS, one way',
  'matrix-multiply': '150x150 matrix multiplication',
  'classify-warm': 'ten TCP/IP filters, warm cache',
  'classify-cold': 'ten TCP/IP filters, cold cache',
  'classify-empty': '  the loop without a classifier',
  'udp-echo': 'UDP echo, by a process',
  'udp-echo-handler': 'UDP echo, by a handler',
};

interface Row extends Measurement {
  /** In the paper's unit. */
  readonly time: number | undefined;
  readonly paper: PaperFigure;
}

/** The word for the report on machines without Aegis, in the place of an experiment. */
const CALIBRATE = 'calibrate';

function choiceOf(model: ModelName): MachineChoice {
  return {
    model,
    memoryMiB: parseMemory(undefined, model),
    disks: [],
    append: [],
    seed: FIXED_SEED,
    epochSeconds: FIXED_EPOCH_SECONDS,
  };
}

export async function benchCommand(
  experiments: readonly string[],
  flags: { readonly model: string | undefined; readonly json?: boolean },
): Promise<number> {
  if (experiments.includes(CALIBRATE)) {
    if (experiments.length > 1) throw new InputError(`bench: '${CALIBRATE}' stands alone`);
    const { calibrateCommand } = await import('./calibrate-command.js');
    const models =
      flags.model === undefined ? (Object.keys(MODELS) as ModelName[]) : [parseModel(flags.model)];
    return await calibrateCommand(models, choiceOf, flags.json === true);
  }
  const { EXPERIMENTS, paperFigure, runExperiments } = await import('../bench/index.js');
  const unknown = experiments.find((name) => !EXPERIMENTS.some((known) => known === name));
  if (unknown !== undefined) {
    throw new InputError(
      `bench: no experiment named '${unknown}'; there are: ${[...EXPERIMENTS, CALIBRATE].join(', ')}`,
    );
  }
  const model = parseModel(flags.model ?? DEFAULT_MODEL);
  const { measurements, problems } = runExperiments(
    experiments as readonly ExperimentName[],
    choiceOf(model),
  );
  for (const problem of problems) printNotice(`bench: ${problem}`);
  const rows = measurements.map((measurement): Row => {
    const paper = paperFigure(measurement.experiment, model);
    const scale = paper.unit === 'us' ? 1e6 : 1;
    const { cycles, hertz } = measurement;
    return { ...measurement, time: cycles === undefined ? undefined : (cycles / hertz) * scale, paper };
  });
  if (flags.json === true) process.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
  else process.stdout.write(table(rows, model));
  return problems.length === 0 ? 0 : 1;
}

function table(rows: readonly Row[], model: ModelName): string {
  const line = (title: string, ...cells: readonly string[]): string =>
    `${title.padEnd(36)}${cells.map((cell) => cell.padStart(10)).join('')}\n`;
  const number = (value: number | undefined, none = ''): string =>
    value === undefined ? none : String(value);
  return [
    `DECstation ${model}, ${MODELS[model].timing.hertz / 1e6} MHz. Paper: SOSP 1995, the same machine.\n`,
    line('', 'cycles', 'ours', 'paper', 'Ultrix', 'unit', '', 'count'),
    ...rows.map(({ experiment, cycles, time, paper, count }) =>
      line(
        TITLES[experiment],
        number(cycles === undefined ? undefined : Math.round(cycles * 10) / 10, '-'),
        time === undefined ? '-' : time.toFixed(2),
        number(paper.aegis),
        number(paper.ultrix),
        paper.unit,
        paper.table,
        String(count),
      ),
    ),
    ...rows.flatMap(({ paper }) => (paper.note === undefined ? [] : [`${paper.note}.\n`])),
  ].join('');
}

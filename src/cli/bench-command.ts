/** `exostation bench`: the paper's experiments, ours beside the paper's. */

import type { ExperimentName, Measurement, PaperFigure } from '../bench/index.js';
import { MODELS, type ModelName } from '../machine/index.js';
import { FIXED_EPOCH_SECONDS, FIXED_SEED, InputError, type MachineChoice } from '../workstation/index.js';
import { EXPERIMENT_TITLES } from './bench-titles.js';
import { DEFAULT_MODEL, parseMemory, parseModel } from './machine-options.js';
import { printNotice } from './run-command.js';

interface Row extends Measurement {
  /** In the paper's unit. */
  readonly time: number | undefined;
  readonly paper: PaperFigure;
}

/** The words, in the place of an experiment, for the report on machines without Aegis and for the paper's tables. */
const CALIBRATE = 'calibrate';
const TABLES = 'tables';

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
  const report = [CALIBRATE, TABLES].find((name) => experiments.includes(name));
  if (report !== undefined) {
    if (experiments.length > 1) throw new InputError(`bench: '${report}' stands alone`);
    const models =
      flags.model === undefined ? (Object.keys(MODELS) as ModelName[]) : [parseModel(flags.model)];
    if (report === TABLES) {
      const { benchTablesCommand } = await import('./bench-tables.js');
      return await benchTablesCommand(models, choiceOf, flags.json === true);
    }
    const { calibrateCommand } = await import('./calibrate-command.js');
    return await calibrateCommand(models, choiceOf, flags.json === true);
  }
  const { EXPERIMENTS, paperFigure, runExperiments } = await import('../bench/index.js');
  const unknown = experiments.find((name) => !EXPERIMENTS.some((known) => known === name));
  if (unknown !== undefined) {
    throw new InputError(
      `bench: no experiment named '${unknown}'; there are: ${[...EXPERIMENTS, TABLES, CALIBRATE].join(', ')}`,
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
    `DECstation ${model}, ${MODELS[model].timing.hertz / 1e6} MHz; one operation each, with its loop. Paper: SOSP 1995, this machine unless noted.\n`,
    line('', 'cycles', 'ours', 'paper', 'Ultrix', 'unit', '', 'count'),
    ...rows.map(({ experiment, cycles, time, paper, count }) =>
      line(
        EXPERIMENT_TITLES[experiment],
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

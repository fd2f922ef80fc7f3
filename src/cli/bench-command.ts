/** `exostation bench`: the paper's experiments, ours beside the paper's. */

import type { ExperimentName, Measurement } from '../bench/index.js';
import { FIXED_EPOCH_SECONDS, FIXED_SEED, InputError } from '../workstation/index.js';
import { parseModel } from './machine-options.js';
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
  'control-transfer-library': '  the same with its library OS, one way',
};

export async function benchCommand(
  experiments: readonly string[],
  flags: { readonly model: string; readonly json?: boolean },
): Promise<number> {
  const { PAPER, runExperiments } = await import('../bench/index.js');
  const known = Object.keys(PAPER);
  const unknown = experiments.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new InputError(`bench: no experiment named '${unknown}'; there are: ${known.join(', ')}`);
  }
  const { measurements, problems } = runExperiments(experiments as readonly ExperimentName[], {
    model: parseModel(flags.model),
    memoryMiB: 32,
    disks: [],
    append: [],
    seed: FIXED_SEED,
    epochSeconds: FIXED_EPOCH_SECONDS,
  });
  for (const problem of problems) printNotice(`bench: ${problem}`);
  if (flags.json === true)
    process.stdout.write(`${JSON.stringify(measurements.map(withPaper), undefined, 2)}\n`);
  else printTable(measurements.map(withPaper));
  return problems.length === 0 ? 0 : 1;

  function withPaper(measurement: Measurement): Row {
    const { table, aegis, ultrix } = PAPER[measurement.experiment];
    const microseconds =
      measurement.cycles === undefined ? undefined : (measurement.cycles / measurement.hertz) * 1e6;
    return { ...measurement, microseconds, paper: { table, aegis, ultrix } };
  }
}

interface Row extends Measurement {
  readonly microseconds: number | undefined;
  readonly paper: {
    readonly table: string;
    readonly aegis: number | undefined;
    readonly ultrix: number | undefined;
  };
}

function printTable(rows: readonly Row[]): void {
  const line = (title: string, ...cells: readonly string[]): string =>
    `${title.padEnd(36)}${cells.map((cell) => cell.padStart(9)).join('')}\n`;
  process.stdout.write('DECstation 5000/125, 25 MHz; microseconds. Paper: SOSP 1995.\n');
  process.stdout.write(line('', 'cycles', 'ours', 'paper', 'Ultrix', '', 'times'));
  for (const row of rows) {
    process.stdout.write(
      line(
        TITLES[row.experiment],
        row.cycles === undefined ? '-' : row.cycles.toFixed(1),
        row.microseconds === undefined ? '-' : row.microseconds.toFixed(2),
        row.paper.aegis === undefined ? '' : String(row.paper.aegis),
        row.paper.ultrix === undefined ? '' : String(row.paper.ultrix),
        row.paper.table,
        String(row.count),
      ),
    );
  }
}

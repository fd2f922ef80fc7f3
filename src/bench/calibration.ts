/**
 * What others published about these machines that does not involve Aegis, and the same measured on ours. The timing
 * tables (`machine/time`) are judged by it: within a tenth where the source is firm. Sources that are not firm (another
 * program, a rule of thumb, a figure from memory) are shown, and say so.
 */

import { FIXED_EPOCH_SECONDS, FIXED_SEED, type MachineChoice, Workstation } from '../workstation/index.js';
import { type ProgramRun, runProgram } from './program-run.js';
import { hasWorkloads, kernelPath } from './speed.js';

interface Published {
  readonly value: number;
  readonly source: string;
  readonly isFirm: boolean;
}

export interface Calibration {
  readonly what: string;
  readonly unit: string;
  /** Undefined when the guest did not get that far. */
  readonly ours: number | undefined;
  readonly published: Published | undefined;
  /** What must be known to compare the two. */
  readonly note: string;
}

/** Loops of the guest program `calibrate`: the mark that opens each, and how much they do (`programs/calibrate/loops.h`). */
const MARK = { call: 2, delay: 4, copy: 6, read: 8, write: 10 } as const;
const CALLS = 1000;
const DELAYS = 100_000;
const MEBIBYTE = 2 ** 20;
/** Rounds of the Dhrystone-like workload. */
const DHRYSTONES = 700_000;
const DHRYSTONE_SLICE = 6_250_000;
const DHRYSTONE_GIVE_UP = 2_000_000_000;

type ByModel = Readonly<Partial<Record<MachineChoice['model'], Published>>>;

const firm = (value: number, source: string): Published => ({ value, source, isFirm: true });
const loose = (value: number, source: string): Published => ({ value, source, isFirm: false });

const NULL_CALL: ByModel = {
  '2100': firm(0.57, 'SOSP 1995, Table 4, Ultrix'),
  '3100': firm(0.42, 'SOSP 1995, Table 4, Ultrix'),
  '5000/125': firm(0.28, 'SOSP 1995, Table 4, Ultrix'),
};
const MATRIX: ByModel = {
  '2100': firm(7.0, 'SOSP 1995, Table 9, ExOS (Ultrix 7.1)'),
  '3100': firm(5.2, 'SOSP 1995, Table 9, ExOS and Ultrix'),
  '5000/125': firm(3.7, 'SOSP 1995, Table 9, ExOS (Ultrix 3.8)'),
};
const BOGOMIPS: ByModel = {
  '2100': loose(12.5, 'the clock rate: Linux boot logs are close to it'),
  '3100': loose(16.67, 'the clock rate: Linux boot logs are close to it'),
  '5000/125': firm(24.9, 'Linux boot logs'),
};
const DHRYSTONE: ByModel = {
  '5000/125': loose(38.0, 'OSDI 1994, Lottery Scheduling: two tasks under Mach 3.0, together'),
};
const COPY: ByModel = { '3100': loose(5, 'bcopy that misses; literature, from memory') };
const READ: ByModel = {
  '5000/125': loose(10, "Mach's table of the 3MIN: the memory's limit"),
};
const WRITE: ByModel = {
  '5000/125': firm(16.7, "Mach's table of the 3MIN: the memory's limit"),
};

export interface CalibrationRun {
  readonly calibrations: readonly Calibration[];
  readonly problems: readonly string[];
}

/** Measures all of it on the machine of `choice`. */
export function calibrate(choice: MachineChoice): CalibrationRun {
  const { model } = choice;
  const loops = runProgram('calibrate', choice);
  const matrix = runProgram('matmul', choice);
  const { hertz } = loops;
  const seconds = (mark: number): number | undefined => loopSeconds(loops, mark);
  const scaled = (value: number | undefined, factor: number): number | undefined =>
    value === undefined ? undefined : value * factor;
  const megabytes = (mark: number): number | undefined => {
    const time = seconds(mark);
    return time === undefined ? undefined : MEBIBYTE / time / 1e6;
  };
  const delay = seconds(MARK.delay);
  const rows: readonly (readonly [string, string, number | undefined, ByModel, string])[] = [
    ['null procedure call', 'us', scaled(seconds(MARK.call), 1e6 / CALLS), NULL_CALL, ''],
    ['150x150 matrix multiply', 's', scaled(matrix.cycles, 1 / hertz), MATRIX, ''],
    [
      'delay loop',
      'BogoMIPS',
      // Linux counts two instructions a round.
      delay === undefined ? undefined : (2 * DELAYS) / delay / 1e6,
      BOGOMIPS,
      'as Linux counts: two instructions a round',
    ],
    [
      'Dhrystone-like loop',
      'k/s',
      dhrystones(choice),
      DHRYSTONE,
      hasWorkloads()
        ? 'a program of ours with the shape of Dhrystone, not Dhrystone'
        : 'not measured: tests/workloads/bare is not here',
    ],
    ['copy 1 MiB', 'MB/s', megabytes(MARK.copy), COPY, 'a word a time, every read a miss'],
    ['read 1 MiB', 'MB/s', megabytes(MARK.read), READ, 'with the CPU in the way'],
    ['write 1 MiB', 'MB/s', megabytes(MARK.write), WRITE, ''],
  ];
  return {
    calibrations: rows.map(([what, unit, ours, published, note]) => ({
      what,
      unit,
      ours,
      published: published[model],
      note,
    })),
    problems: [loops.problem, matrix.problem].filter((problem) => problem !== undefined),
  };
}

function loopSeconds({ probes, hertz }: ProgramRun, mark: number): number | undefined {
  const round = probes.fastest(mark);
  return round === undefined ? undefined : round.cycle / hertz;
}

/** Thousand rounds a second of the bare workload `dhry`, from its first instruction to the firmware's halt. */
function dhrystones(choice: MachineChoice): number | undefined {
  if (!hasWorkloads()) return undefined;
  const workstation = new Workstation({
    ...choice,
    kernelPath: kernelPath('dhry'),
    seed: FIXED_SEED,
    epochSeconds: FIXED_EPOCH_SECONDS,
    notice: () => {},
  });
  const { machine, kernel } = workstation;
  let start: number | undefined;
  if (kernel !== undefined) machine.trace(kernel.entry, ({ cycle }) => (start ??= cycle));
  while (!workstation.isHalted && machine.cycle < DHRYSTONE_GIVE_UP)
    workstation.run(machine.cycle + DHRYSTONE_SLICE);
  const end = machine.cycle;
  workstation.dispose();
  if (start === undefined || !workstation.isHalted) return undefined;
  return DHRYSTONES / ((end - start) / machine.hertz) / 1000;
}

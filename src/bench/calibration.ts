/**
 * What others published about these machines that does not involve Aegis, and the same measured on ours. The timing
 * tables (`machine/time`) are judged by it: within a tenth where the source is firm. Sources that are not firm (another
 * program, a rule of thumb, a figure of a part alone) are shown, and say so.
 */

import { FIXED_EPOCH_SECONDS, FIXED_SEED, type MachineChoice, Workstation } from '../workstation/index.js';
import { MARK, type Mark } from './marks.js';
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

/** How much the loops of the guest program `calibrate` do (`programs/calibrate/loops.h`). */
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
  '2100': loose(12.5, 'the clock rate, which Linux boot logs are close to'),
  '3100': loose(16.67, 'the clock rate, which Linux boot logs are close to'),
  '5000/125': firm(24.9, 'Linux boot logs'),
};
const DHRYSTONE: ByModel = {
  '5000/125': loose(38.0, 'Lottery Scheduling, OSDI 1994: two tasks under Mach 3.0, together'),
};
const READ: ByModel = {
  '5000/125': loose(10, "Mach's table of the 3MIN: 10 cycles a word, of the memory alone"),
};
const WRITE: ByModel = {
  '5000/125': firm(16.7, "Mach's table of the 3MIN: 6 cycles a word, which the write buffer reaches"),
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
  const seconds = (mark: Mark): number | undefined => loopSeconds(loops, mark);
  const scaled = (value: number | undefined, factor: number): number | undefined =>
    value === undefined ? undefined : value * factor;
  const megabytes = (mark: Mark): number | undefined => {
    const time = seconds(mark);
    return time === undefined ? undefined : MEBIBYTE / time / 1e6;
  };
  const delay = seconds(MARK.delay);
  const rows: readonly (readonly [string, string, number | undefined, ByModel, string])[] = [
    [
      'null procedure call',
      'us',
      scaled(seconds(MARK.procedure), 1e6 / CALLS),
      NULL_CALL,
      'with the loop around it',
    ],
    [
      '150x150 matrix multiply',
      's',
      loopSeconds(matrix, MARK.matrix),
      MATRIX,
      'the whole program, from its first mark to its last',
    ],
    [
      'delay loop',
      'BogoMIPS',
      // Linux counts two instructions a round.
      delay === undefined ? undefined : (2 * DELAYS) / delay / 1e6,
      BOGOMIPS,
      'as Linux counts: millions of instructions, two a round; its own count, timer ticks in it, is 3 to 5 % lower',
    ],
    [
      'Dhrystone-like loop',
      '1000/s',
      dhrystones(choice),
      DHRYSTONE,
      hasWorkloads()
        ? 'a program of ours with the shape of Dhrystone, not Dhrystone'
        : 'not measured: tests/workloads/bare is not here',
    ],
    ['copy 1 MiB', 'MB/s', megabytes(MARK.copy), {}, 'word by word, every read a miss, every write through'],
    [
      'read 1 MiB',
      'MB/s',
      megabytes(MARK.read),
      READ,
      'word by word: a miss stalls the CPU for 13 cycles (10 on the KN01), the loop is 1.4 instructions a word',
    ],
    ['write 1 MiB', 'MB/s', megabytes(MARK.write), WRITE, 'word by word'],
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

function loopSeconds({ probes, hertz }: ProgramRun, mark: Mark): number | undefined {
  const round = probes.fastest(mark);
  return round === undefined ? undefined : round.cycles / hertz;
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

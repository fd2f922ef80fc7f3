/**
 * Speed of the CPU engine with all timing on: guest instructions a second of user time on the bare workloads, and the
 * ratio to the real machine's clock. Host times vary from run to run, so these figures are printed, never asserted.
 */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FIXED_EPOCH_SECONDS, FIXED_SEED, Workstation } from '../workstation/index.js';

export const WORKLOADS: readonly string[] = ['dhry', 'mati', 'mem', 'tlb', 'matf', 'exc'];

/** One slice of the run, in cycles: a quarter of a second of the guest. */
const SLICE = 6_250_000;

export interface SpeedResult {
  readonly workload: string;
  readonly instructions: number;
  readonly cycles: number;
  /** User time of this process, seconds, boot included. */
  readonly seconds: number;
}

/** Runs one bare workload to its halt. Throws InputError when the file is missing. */
export function measureSpeed(workload: string): SpeedResult {
  const workstation = new Workstation({
    model: '5000/125',
    memoryMiB: 32,
    disks: [],
    kernelPath: kernelPath(workload),
    append: [],
    seed: FIXED_SEED,
    epochSeconds: FIXED_EPOCH_SECONDS,
    notice: () => {},
  });
  const { machine } = workstation;
  const before = process.cpuUsage();
  while (!workstation.isHalted) workstation.run(machine.cycle + SLICE);
  const seconds = process.cpuUsage(before).user / 1e6;
  const { cycles, instructions } = machine.statistics();
  workstation.dispose();
  return { workload, instructions: instructions.program, cycles, seconds };
}

export function kernelPath(workload: string): string {
  return fileURLToPath(new URL(`../../tests/workloads/bare/${workload}.elf`, import.meta.url));
}

export function hasWorkloads(): boolean {
  return existsSync(new URL('../../tests/workloads/bare/dhry.elf', import.meta.url));
}

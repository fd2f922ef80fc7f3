/**
 * The `--stats` file: what a run cost, as JSON with keys that scripts rely on. Everything but `wallSeconds` is the same
 * in every run of the same command.
 */

import { writeFileSync } from 'node:fs';
import type { MachineStatistics } from '../machine/index.js';
import { fileError } from './input-error.js';

/** Why a run ended. */
export type ExitReason =
  | 'halt'
  | 'max-cycles'
  | 'expected'
  | 'interrupted'
  | 'no-boot'
  | 'program-exit'
  | 'program-killed'
  | 'replayed'
  | 'diverged'
  | 'killed'
  | 'error';

export interface RunExit {
  readonly reason: ExitReason;
  readonly status: number;
}

export interface Stats extends MachineStatistics {
  readonly wallSeconds: number;
  readonly exit: RunExit;
  /** With several machines on one wire: those of each. The keys above are the first one's. */
  readonly machines?: readonly MachineStatistics[];
}

/** `machines`: what each machine of the run counted, at least one. */
export function writeStats(
  path: string,
  machines: readonly MachineStatistics[],
  wallSeconds: number,
  exit: RunExit,
): void {
  const [first] = machines;
  if (first === undefined) throw new RangeError('a run has a machine');
  const stats: Stats = { ...first, wallSeconds, exit, ...(machines.length === 1 ? {} : { machines }) };
  try {
    writeFileSync(path, `${JSON.stringify(stats, undefined, 2)}\n`);
  } catch (error) {
    throw fileError(error, '--stats', path);
  }
}

/**
 * Which machine to build: plain data, so that it can travel to a worker thread and into a recording. A run is repeated
 * by the same choice and the same inputs.
 */

import type { DisplayKind, ModelName } from '../machine/index.js';
import type { DiskChoice } from './disk-file.js';

/** Date of runs that nobody watches: 1995-12-03 09:00 UTC, the opening day of SOSP'95. */
export const FIXED_EPOCH_SECONDS = 817_981_200;
/** The seed of headless runs: fixed, so that runs repeat. */
export const FIXED_SEED: Uint8Array = Uint8Array.from({ length: 16 }, (_, index) => index * 17);

export interface MachineChoice {
  readonly model: ModelName;
  readonly memoryMiB: number;
  /** Undefined = colour. */
  readonly display?: DisplayKind;
  /** SCSI ids in order; empty = the shipped disk (none with a kernel). */
  readonly disks: readonly DiskChoice[];
  /** Boot this file instead of the disk. */
  readonly kernelPath?: string;
  /** What the firmware calls that file; undefined = its name. */
  readonly kernelName?: string;
  readonly append: readonly string[];
  /** 16 bytes. */
  readonly seed: Uint8Array;
  readonly epochSeconds: number;
  /** Ethernet address, six bytes; undefined = the board's own. */
  readonly stationAddress?: readonly number[];
  /** Clock chip RAM to begin with, registers 14..63; undefined = the data folder's, if there is one. */
  readonly nvram?: Uint8Array;
}

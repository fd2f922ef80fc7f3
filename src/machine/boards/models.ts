/**
 * The machines that can be built, and what tells one from another: board, clock and timing, what CPU and FPU call
 * themselves, how much memory fits, which firmware.
 */

import { type CpuIdentity, R2000A, R3000A } from '../cpu/cp0.js';
import type { ModelName } from '../machine-types.js';
import { type CpuTiming, TIMING_5000_125 } from '../time/cpu-timing.js';
import { TIMING_2100, TIMING_3100 } from '../time/kn01-timing.js';
import type { Board, BoardParts } from './board.js';
import { createKn01 } from './kn01.js';
import { createKn02ba } from './kn02ba.js';

/** Sizes in MiB that the board takes: from `minimum` to `maximum` in steps. */
export interface MemorySizes {
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
  /** What one gets without asking. */
  readonly usual: number;
}

export interface Model {
  readonly name: ModelName;
  readonly timing: CpuTiming;
  readonly identity: CpuIdentity;
  readonly memory: MemorySizes;
  /** Also the name of its firmware image. */
  readonly boardName: 'kn02ba' | 'kn01';
  readonly createBoard: (parts: BoardParts) => Board;
}

const KN01 = {
  identity: R2000A,
  // Eight slots that are filled in pairs of 2 MB.
  memory: { minimum: 4, maximum: 24, step: 4, usual: 24 },
  boardName: 'kn01',
  createBoard: createKn01,
} as const;

export const MODELS: Readonly<Record<ModelName, Model>> = {
  '5000/125': {
    name: '5000/125',
    timing: TIMING_5000_125,
    identity: R3000A,
    memory: { minimum: 8, maximum: 128, step: 8, usual: 32 },
    boardName: 'kn02ba',
    createBoard: createKn02ba,
  },
  '3100': { name: '3100', timing: TIMING_3100, ...KN01 },
  '2100': { name: '2100', timing: TIMING_2100, ...KN01 },
};

export function fits(memoryMiB: number, { minimum, maximum, step }: MemorySizes): boolean {
  return memoryMiB >= minimum && memoryMiB <= maximum && memoryMiB % step === 0;
}

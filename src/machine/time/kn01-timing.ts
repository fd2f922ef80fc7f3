/**
 * What accesses cost on the KN01, the board of the DECstation 3100 and 2100, in CPU cycles: 60 ns on the 3100, 80 ns on
 * the 2100. Both models take the same number of cycles: their memory runs by the CPU's clock, and the paper's times
 * of the two machines agree (null call 0.42 and 0.57 us, matrix 5.2 and 7.0 s: the same cycles within 1 %). Each
 * entry says where it comes from; guesses are called so.
 */

import type { CpuTiming } from './cpu-timing.js';
import type { AccessCycles } from './kn02ba-timing.js';

/** The CPU's path to memory at a clock rate; `hertz` is the only thing that the two models differ in. */
function cpuTiming(hertz: number): CpuTiming {
  return {
    hertz,
    // Calibrated against the 5000/125's 13. The paper's matrix multiplication takes 86.7 to 87.5 million cycles on the
    // 3100 and 2100, 92.5 on the 5000/125: about 5.8 million less, by the same program. In these caches it misses some
    // 1.9 million times whatever its code is (22 pages, walked down the columns, in 16 page colours), so a miss costs
    // about 3 cycles less. Then the multiplication on ExOS takes 6.86, 5.13 and 3.67 s for the paper's 7.0, 5.2 and 3.7.
    // Literature, from memory, has 5 or 6 cycles for a miss of the 3100, and copies at 5 MB/s, which says the same; what
    // they count is not known.
    readMiss: 10,
    // Anderson et al. 1991, from memory: a further write to a full buffer stalls the DECstation 3100 for 5 cycles.
    writeDrain: 5,
    // Digital Technical Journal on the DECstation 3100: R2020 chips, a buffer of four stages.
    writeBufferDepth: 4,
    // Kane & Heinrich: partial stores to a write-through cache read, merge and write.
    partialStore: 1,
    // GCC's R3000 description (3000.md) and Kane & Heinrich; the R2000's multiplier is the same.
    multiply: 12,
    divide: 35,
    // Pipeline: an exception is taken from the MEM stage and kills the three younger instructions.
    exceptionEntry: 3,
  };
}

/** R2000A at 16.67 MHz and at 12.5 MHz (product data). */
export const TIMING_3100: CpuTiming = cpuTiming(16_670_000);
export const TIMING_2100: CpuTiming = cpuTiming(12_500_000);

export interface Kn01Timing {
  /** CSR and ERRADDR. */
  readonly register: AccessCycles;
  readonly lanceRegister: AccessCycles;
  readonly lanceBuffer: AccessCycles;
  readonly scsiRegister: AccessCycles;
  readonly scsiBuffer: AccessCycles;
  readonly dz: AccessCycles;
  /** Clock chip and station address ROM. */
  readonly clock: AccessCycles;
  readonly rom: AccessCycles;
  readonly frameBuffer: AccessCycles;
  /** Cursor chip, video DAC and plane mask. */
  readonly video: AccessCycles;
  /** The terminal multiplexer of ours. */
  readonly multiplexer: AccessCycles;
  /** Read or write that nothing answers. */
  readonly timeout: number;
}

export const KN01_TIMING: Kn01Timing = {
  // Guess: a register in the memory controller itself, as fast as memory.
  register: { read: 10, write: 5 },
  // Guess: as the LANCE's buffer.
  lanceRegister: { read: 12, write: 14 },
  // NetBSD's copy routines for this buffer: about 12 cycles to read a halfword, 14 to write one.
  lanceBuffer: { read: 12, write: 14 },
  // Guess: as the SII's buffer.
  scsiRegister: { read: 12, write: 14 },
  // The same copy routines serve the SII's buffer.
  scsiBuffer: { read: 12, write: 14 },
  // MAME's KN01.
  dz: { read: 13, write: 18 },
  // MAME's KN01; GXemul has 13 for the station address ROM too.
  clock: { read: 13, write: 16 },
  // Guess: four EPROMs of 150 to 200 ns side by side, after the cycles of a memory access.
  rom: { read: 12, write: 5 },
  // Guess: video memory is a word wide and on the memory bus, and shares its cycles with the refresh of the screen.
  frameBuffer: { read: 9, write: 6 },
  // Guess: 8-bit and 16-bit chips, as the clock chip.
  video: { read: 13, write: 16 },
  // Guess: as a register of the board with a bus of its own in between.
  multiplexer: { read: 12, write: 8 },
  // Guess: 127 cycles, what the 5000/125's controller is set to, in cycles of this board.
  timeout: 127,
};

/**
 * Timing of the CPU and its path to memory, in CPU cycles. Each entry says where it comes from: a data sheet, a
 * published measurement, or a guess and what it was checked against. None was chosen to make an Aegis figure come out.
 */

export interface CpuTiming {
  /** CPU clock rate, cycles per second. */
  readonly hertz: number;
  /** Stall of a cache miss, or of an uncached read of RAM: one word is fetched. */
  readonly readMiss: number;
  /** Time the memory is busy with one write leaving the write buffer. */
  readonly writeDrain: number;
  /** Words the write buffer holds. */
  readonly writeBufferDepth: number;
  /** Extra cycle of a byte or halfword store that hits the cache. */
  readonly partialStore: number;
  /** Result latency of mult and div; mfhi and mflo interlock. */
  readonly multiply: number;
  readonly divide: number;
  /** Cycles lost to the pipeline when an exception is taken. */
  readonly exceptionEntry: number;
}

export const TIMING_5000_125: CpuTiming = {
  // 25 MHz R3000A (product data).
  hertz: 25_000_000,
  // Mach's restatement of the 3MIN specification: CPU word read 5 memory cycles of 80 ns = 10 CPU cycles; its 10 MB/s
  // says one word a read. Around it a guess: one cycle on average to meet the 12.5 MHz memory clock, one to detect the
  // miss, one for the fixup after the refill. Checked against the paper's 150x150 matrix multiply (3.7 s, 27 cycles
  // an inner step), which spends its time in misses and mult.
  readMiss: 13,
  // Same table: CPU word write 3 memory cycles = 6 CPU cycles.
  writeDrain: 6,
  // Guess: R2020-style buffers are four deep.
  writeBufferDepth: 4,
  // Kane & Heinrich: partial stores to a write-through cache read, merge and write.
  partialStore: 1,
  // GCC's R3000 description (3000.md) and Kane & Heinrich.
  multiply: 12,
  divide: 35,
  // Pipeline: an exception is taken from the MEM stage and kills the three younger instructions.
  exceptionEntry: 3,
};

/**
 * How long the R3010's operations take, in CPU cycles, and which of its units does them. The units work in parallel
 * with each other and with the CPU; an instruction waits for its unit, for its operands and for an older result of the
 * same register, never for anything else. Latencies: GCC's R3000 description (3000.md) and Kane & Heinrich, which agree;
 * marked ones are guesses.
 */

/** Indices of ready times: 32 registers, the condition, the three units, and the last of all. */
export const FPU_RESULTS = {
  condition: 32,
  adder: 33,
  multiplier: 34,
  divider: 35,
  all: 36,
  count: 37,
} as const;

export interface FpuTiming {
  /** Cycles from issue to the first use that does not wait, by function; 64 of a single, 64 of a double, 64 of a word. */
  readonly latencies: Uint8Array;
  /** By function: the unit, as an index of FPU_RESULTS. */
  readonly units: Uint8Array;
}

interface Operation {
  readonly functions: readonly number[];
  readonly unit: number;
  readonly latency: readonly [single: number, double: number, word: number];
}

const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, n) => first + n);

const OPERATIONS: readonly Operation[] = [
  // add, sub
  { functions: [0, 1], unit: FPU_RESULTS.adder, latency: [2, 2, 0] },
  { functions: [2], unit: FPU_RESULTS.multiplier, latency: [4, 5, 0] },
  { functions: [3], unit: FPU_RESULTS.divider, latency: [12, 19, 0] },
  // abs, mov, neg. That they use the adder is a guess.
  { functions: [5, 6, 7], unit: FPU_RESULTS.adder, latency: [1, 1, 0] },
  // cvt.s
  { functions: [32], unit: FPU_RESULTS.adder, latency: [0, 2, 3] },
  // cvt.d
  { functions: [33], unit: FPU_RESULTS.adder, latency: [1, 0, 3] },
  // cvt.w: GCC says 2 or 3; which is which is a guess
  { functions: [36], unit: FPU_RESULTS.adder, latency: [2, 3, 0] },
  // c.cond
  { functions: range(48, 16), unit: FPU_RESULTS.adder, latency: [2, 2, 0] },
];

/** R3010, and R2010: the same cycles at another clock. */
export const TIMING_R3010: FpuTiming = createTiming();

function createTiming(): FpuTiming {
  const latencies = new Uint8Array(192);
  const units = new Uint8Array(64).fill(FPU_RESULTS.adder);
  for (const { functions, unit, latency } of OPERATIONS) {
    for (const fn of functions) {
      latencies[fn] = latency[0];
      latencies[64 + fn] = latency[1];
      latencies[128 + fn] = latency[2];
      units[fn] = unit;
    }
  }
  return { latencies, units };
}

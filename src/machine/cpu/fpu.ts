/**
 * The R3010 floating-point unit: arithmetic, conversions, compares, FCR31, and when each result is ready. Registers,
 * FCR31 and the ready times lie in the linear memory; nothing else is state. Most operations are done by the host's
 * own doubles and an exact remainder (`error-free.ts`), the rest by `fpu-exact.ts`; both round in all four modes.
 *
 * An operation either completes, or leaves everything but FCR31's Cause field as it was and raises IP7: for enabled
 * IEEE exceptions, and with E for what the R3010 leaves to software: NaN and denormal operands (compares take them),
 * results below the normal range, cvt.w out of range, formats and functions that are not MIPS I.
 *
 * Kane & Heinrich, MIPS RISC Architecture, chapters 6 to 9.
 */

import { type GuestMemory, LAYOUT } from '../memory/layout.js';
import { FPU_RESULTS, type FpuTiming } from '../time/fpu-timing.js';
import { FCR31 } from './cp0.js';
import { productError, quotientError, sumError } from './error-free.js';
import { CAUSE_BITS, type ExactResult, exactArithmetic, exactNarrow, OPERATION, ROUND } from './fpu-exact.js';

const FORMAT = { single: 16, double: 17, word: 20 } as const;
const FUNCTION = { abs: 5, mov: 6, neg: 7, toSingle: 32, toDouble: 33, toWord: 36, compare: 48 } as const;

/** Between these the result is normal and stays so when it is rounded the other way. */
const SINGLE_RANGE = { denormal: 2 ** -126, low: 2 ** -125, high: 2 ** 127 } as const;
const DOUBLE_RANGE = { denormal: 2 ** -1022, low: 2 ** -1021, high: 2 ** 1023 } as const;
/** Where the remainder of a product or quotient of doubles is exact. */
const PRODUCT_RANGE = { low: 2 ** -900, high: 2 ** 990 } as const;

const MIN_INT = -0x8000_0000;
const MAX_INT = 0x7fff_ffff;

/** FCR31 without its Cause field. */
const NO_CAUSE = ~(0x3f << 12);

export class Fpu {
  /** Cycles that the last `execute` or `wait` stalled for. */
  stall = 0;

  readonly #words: Int32Array;
  readonly #singles: Float32Array;
  readonly #doubles: Float64Array;
  readonly #control: Int32Array;
  /** Absolute cycles, by FPU_RESULTS. */
  readonly #ready: Float64Array;
  readonly #timing: FpuTiming;
  readonly #raise: (isRaised: boolean) => void;

  /** `raise` drives the interrupt line. */
  constructor(memory: GuestMemory, timing: FpuTiming, raise: (isRaised: boolean) => void) {
    const { buffer } = memory;
    this.#words = new Int32Array(buffer, LAYOUT.fpuRegisters, 32);
    this.#singles = new Float32Array(buffer, LAYOUT.fpuRegisters, 32);
    this.#doubles = new Float64Array(buffer, LAYOUT.fpuRegisters, 16);
    this.#control = new Int32Array(buffer, LAYOUT.fpuControl, 1);
    this.#ready = new Float64Array(buffer, LAYOUT.fpuReady, FPU_RESULTS.count);
    this.#timing = timing;
    this.#raise = raise;
  }

  /** Cycle from which on nothing is under way. */
  get idleAt(): number {
    return this.#ready[FPU_RESULTS.all] as number;
  }

  /** FCR31 as ctc1 writes it: the interrupt follows Cause and Enables. */
  writeControl(value: number): void {
    this.#control[0] = value & FCR31.writable;
    this.#raise((value & FCR31.E) !== 0 || ((value >>> 12) & (value >>> 7) & 31) !== 0);
  }

  /** How long an instruction that issues at `now` waits for a register (or another of FPU_RESULTS). */
  wait(result: number, now: number): number {
    return Math.max((this.#ready[result] as number) - now, 0);
  }

  /**
   * Executes an instruction word of format s, d or w that issues at cycle `now`, and says how long it stalled.
   * False: it did not complete, Cause says why, the interrupt is raised.
   */
  execute(word: number, now: number): boolean {
    const ready = this.#ready;
    const { latencies, units } = this.#timing;
    const format = (word >>> 21) & 31;
    const fn = word & 63;
    const isDouble = format === FORMAT.double;
    const unit = units[fn] as number;
    const start = (ready[FPU_RESULTS.all] as number) > now ? this.#issue(word, isDouble, unit, now) : now;
    this.stall = start - now;
    if (!this.#operate(word, isDouble)) return false;
    const done = start + (latencies[fn | (isDouble ? 64 : format === FORMAT.word ? 128 : 0)] as number);
    ready[unit] = done;
    if (fn >= FUNCTION.compare) {
      ready[FPU_RESULTS.condition] = done;
    } else {
      const fd = (word >>> 6) & 31;
      if (fn === FUNCTION.toDouble || (isDouble && fn < FUNCTION.toSingle)) {
        ready[fd & 30] = done;
        ready[fd | 1] = done;
      } else {
        ready[fd] = done;
      }
    }
    if (done > (ready[FPU_RESULTS.all] as number)) ready[FPU_RESULTS.all] = done;
    return true;
  }

  /** When unit, operands and destination are free. */
  #issue(word: number, isDouble: boolean, unit: number, now: number): number {
    const ready = this.#ready;
    const fn = word & 63;
    const sourceMask = isDouble ? 1 : 0;
    const targetMask = fn === FUNCTION.toDouble || (isDouble && fn < FUNCTION.toSingle) ? 1 : 0;
    const fs = (word >>> 11) & 31;
    let at = Math.max(now, ready[unit] as number, ready[fs & ~sourceMask] as number);
    at = Math.max(at, ready[fs | sourceMask] as number);
    if (fn <= OPERATION.div || fn >= FUNCTION.compare) {
      const ft = (word >>> 16) & 31;
      at = Math.max(at, ready[ft & ~sourceMask] as number, ready[ft | sourceMask] as number);
    }
    if (fn >= FUNCTION.compare) return Math.max(at, ready[FPU_RESULTS.condition] as number);
    const fd = (word >>> 6) & 31;
    return Math.max(at, ready[fd & ~targetMask] as number, ready[fd | targetMask] as number);
  }

  #operate(word: number, isDouble: boolean): boolean {
    const format = (word >>> 21) & 31;
    const fs = (word >>> 11) & 31;
    const fd = (word >>> 6) & 31;
    const fn = word & 63;
    if (format === FORMAT.word) {
      const value = this.#words[fs] as number;
      if (fn === FUNCTION.toDouble) return this.#finishDouble(fd, value, 0);
      if (fn !== FUNCTION.toSingle) return this.#unimplemented();
      const rounded = Math.fround(value);
      return this.#finishSingle(fd, rounded, value - rounded);
    }
    if (!isDouble && format !== FORMAT.single) return this.#unimplemented();
    if (fn <= OPERATION.div) {
      const ft = (word >>> 16) & 31;
      return isDouble ? this.#doubleArithmetic(fn, fd, fs, ft) : this.#singleArithmetic(fn, fd, fs, ft);
    }
    if (fn >= FUNCTION.compare) return this.#compare(fn & 15, isDouble, fs, (word >>> 16) & 31);
    switch (fn) {
      case FUNCTION.mov:
        this.#copy(isDouble, fd, fs, -1, 0);
        return true;
      case FUNCTION.abs:
      case FUNCTION.neg:
        if (this.#isForSoftware(isDouble, fs)) return this.#unimplemented();
        this.#copy(isDouble, fd, fs, fn === FUNCTION.abs ? MAX_INT : -1, fn === FUNCTION.neg ? MIN_INT : 0);
        return true;
      case FUNCTION.toSingle:
        return isDouble ? this.#narrow(fd, fs) : this.#unimplemented();
      case FUNCTION.toDouble:
        if (isDouble || this.#isForSoftware(false, fs)) return this.#unimplemented();
        return this.#finishDouble(fd, this.#singles[fs] as number, 0);
      case FUNCTION.toWord:
        return this.#toWord(isDouble, fd, fs);
      default:
        return this.#unimplemented();
    }
  }

  // ---- arithmetic -----------------------------------------------------------------------------------------------

  #doubleArithmetic(fn: number, fd: number, fs: number, ft: number): boolean {
    const a = this.#doubles[fs >> 1] as number;
    const b = this.#doubles[ft >> 1] as number;
    const aSize = Math.abs(a);
    const bSize = Math.abs(b);
    if ((aSize >= DOUBLE_RANGE.denormal || a === 0) && (bSize >= DOUBLE_RANGE.denormal || b === 0)) {
      if (fn <= OPERATION.sub) {
        const other = fn === OPERATION.add ? b : -b;
        const sum = a + other;
        const size = Math.abs(sum);
        if (size >= DOUBLE_RANGE.low && size <= DOUBLE_RANGE.high)
          return this.#finishDouble(fd, sum, sumError(a, other, sum));
        if (sum === 0 && ((this.#control[0] as number) & 3) === ROUND.nearest)
          return this.#finishDouble(fd, sum, 0);
      } else if (fn === OPERATION.mul) {
        const product = a * b;
        const size = Math.abs(product);
        if (
          size >= PRODUCT_RANGE.low &&
          size <= PRODUCT_RANGE.high &&
          aSize <= PRODUCT_RANGE.high &&
          bSize <= PRODUCT_RANGE.high
        )
          return this.#finishDouble(fd, product, productError(a, b, product));
        if (product === 0 && (a === 0 || b === 0)) return this.#finishDouble(fd, product, 0);
      } else {
        const quotient = a / b;
        const size = Math.abs(quotient);
        if (
          size >= PRODUCT_RANGE.low &&
          size <= PRODUCT_RANGE.high &&
          aSize >= PRODUCT_RANGE.low &&
          aSize <= PRODUCT_RANGE.high &&
          bSize <= PRODUCT_RANGE.high
        )
          return this.#finishDouble(fd, quotient, quotientError(a, b, quotient));
        if (quotient === 0 && a === 0) return this.#finishDouble(fd, quotient, 0);
      }
    }
    const rounding = (this.#control[0] as number) & 3;
    return this.#finishExact(
      true,
      fd,
      exactArithmetic(fn, true, this.#bits(true, fs), this.#bits(true, ft), rounding),
    );
  }

  /** In doubles: products of singles are exact in them, sums and quotients round to the same single (2p + 2 bits). */
  #singleArithmetic(fn: number, fd: number, fs: number, ft: number): boolean {
    const a = this.#singles[fs] as number;
    const b = this.#singles[ft] as number;
    if (
      (Math.abs(a) >= SINGLE_RANGE.denormal || a === 0) &&
      (Math.abs(b) >= SINGLE_RANGE.denormal || b === 0)
    ) {
      if (fn <= OPERATION.sub) {
        const other = fn === OPERATION.add ? b : -b;
        const sum = a + other;
        const size = Math.abs(sum);
        if (size >= SINGLE_RANGE.low && size <= SINGLE_RANGE.high) {
          const rounded = Math.fround(sum);
          // What the double left out is smaller than what the single leaves out of the double.
          return this.#finishSingle(fd, rounded, sum - rounded || sumError(a, other, sum));
        }
        if (sum === 0 && ((this.#control[0] as number) & 3) === ROUND.nearest)
          return this.#finishSingle(fd, sum, 0);
      } else if (fn === OPERATION.mul) {
        const product = a * b;
        const size = Math.abs(product);
        if (size >= SINGLE_RANGE.low && size <= SINGLE_RANGE.high) {
          const rounded = Math.fround(product);
          return this.#finishSingle(fd, rounded, product - rounded);
        }
        if (product === 0) return this.#finishSingle(fd, product, 0);
      } else {
        const quotient = a / b;
        const size = Math.abs(quotient);
        if (size >= SINGLE_RANGE.low && size <= SINGLE_RANGE.high) {
          const rounded = Math.fround(quotient);
          const rest = a - rounded * b;
          return this.#finishSingle(fd, rounded, b < 0 ? -rest : rest);
        }
        if (quotient === 0 && a === 0) return this.#finishSingle(fd, quotient, 0);
      }
    }
    const rounding = (this.#control[0] as number) & 3;
    return this.#finishExact(
      false,
      fd,
      exactArithmetic(fn, false, this.#bits(false, fs), this.#bits(false, ft), rounding),
    );
  }

  #narrow(fd: number, fs: number): boolean {
    const value = this.#doubles[fs >> 1] as number;
    const size = Math.abs(value);
    if (value === 0 || (size >= SINGLE_RANGE.low && size <= SINGLE_RANGE.high)) {
      const rounded = Math.fround(value);
      return this.#finishSingle(fd, rounded, value - rounded);
    }
    return this.#finishExact(false, fd, exactNarrow(this.#bits(true, fs), (this.#control[0] as number) & 3));
  }

  #toWord(isDouble: boolean, fd: number, fs: number): boolean {
    if (this.#isForSoftware(isDouble, fs)) return this.#unimplemented();
    const value = (isDouble ? this.#doubles[fs >> 1] : this.#singles[fs]) as number;
    const whole = roundToWhole(value, (this.#control[0] as number) & 3);
    if (!(whole >= MIN_INT && whole <= MAX_INT)) return this.#unimplemented();
    if (!this.#accept(whole === value ? 0 : CAUSE_BITS.I)) return false;
    this.#words[fd] = whole;
    return true;
  }

  /** `predicate`: bit 0 unordered, bit 1 equal, bit 2 less, bit 3 unordered is invalid. */
  #compare(predicate: number, isDouble: boolean, fs: number, ft: number): boolean {
    const a = (isDouble ? this.#doubles[fs >> 1] : this.#singles[fs]) as number;
    const b = (isDouble ? this.#doubles[ft >> 1] : this.#singles[ft]) as number;
    const isUnordered = Number.isNaN(a) || Number.isNaN(b);
    const isInvalid =
      isUnordered && (predicate >= 8 || this.#isSignaling(isDouble, fs) || this.#isSignaling(isDouble, ft));
    if (!this.#accept(isInvalid ? CAUSE_BITS.V : 0)) return false;
    const outcome = isUnordered ? 1 : a === b ? 2 : a < b ? 4 : 0;
    const control = this.#control[0] as number;
    this.#control[0] = (predicate & outcome) !== 0 ? control | FCR31.C : control & ~FCR31.C;
    return true;
  }

  // ---- operands -------------------------------------------------------------------------------------------------

  /** True for NaN and denormal numbers. */
  #isForSoftware(isDouble: boolean, register: number): boolean {
    const value = (isDouble ? this.#doubles[register >> 1] : this.#singles[register]) as number;
    const denormal = isDouble ? DOUBLE_RANGE.denormal : SINGLE_RANGE.denormal;
    return !(Math.abs(value) >= denormal || value === 0);
  }

  /** True for a NaN whose top fraction bit is set: MIPS's signaling one. */
  #isSignaling(isDouble: boolean, register: number): boolean {
    if (!isDouble) {
      return Number.isNaN(this.#singles[register]) && ((this.#words[register] as number) & 0x40_0000) !== 0;
    }
    return (
      Number.isNaN(this.#doubles[register >> 1]) && ((this.#words[register | 1] as number) & 0x8_0000) !== 0
    );
  }

  #bits(isDouble: boolean, register: number): bigint {
    if (!isDouble) return BigInt((this.#words[register] as number) >>> 0);
    const high = BigInt((this.#words[register | 1] as number) >>> 0);
    return (high << 32n) | BigInt((this.#words[register & 30] as number) >>> 0);
  }

  /** Copies a number; `and` and `xor` change the word with its sign. */
  #copy(isDouble: boolean, fd: number, fs: number, and: number, xor: number): void {
    const words = this.#words;
    if (isDouble) {
      words[fd & 30] = words[fs & 30] as number;
      words[fd | 1] = ((words[fs | 1] as number) & and) ^ xor;
    } else {
      words[fd] = ((words[fs] as number) & and) ^ xor;
    }
  }

  // ---- results --------------------------------------------------------------------------------------------------

  /** Stores a number that was rounded to nearest; `error` has the sign of the exact result minus it. */
  #finishDouble(fd: number, value: number, error: number): boolean {
    if (!this.#accept(error === 0 ? 0 : CAUSE_BITS.I)) return false;
    this.#doubles[fd >> 1] = value;
    const rounding = (this.#control[0] as number) & 3;
    if (rounding !== ROUND.nearest && error !== 0) {
      const step = magnitudeStep(rounding, value > 0, error > 0);
      const words = this.#words;
      const low = words[fd & 30] as number;
      words[fd & 30] = low + step;
      if (step > 0 && low === -1) words[fd | 1] = (words[fd | 1] as number) + 1;
      if (step < 0 && low === 0) words[fd | 1] = (words[fd | 1] as number) - 1;
    }
    return true;
  }

  #finishSingle(fd: number, value: number, error: number): boolean {
    if (!this.#accept(error === 0 ? 0 : CAUSE_BITS.I)) return false;
    this.#singles[fd] = value;
    const rounding = (this.#control[0] as number) & 3;
    if (rounding !== ROUND.nearest && error !== 0) {
      this.#words[fd] = (this.#words[fd] as number) + magnitudeStep(rounding, value > 0, error > 0);
    }
    return true;
  }

  #finishExact(isDouble: boolean, fd: number, result: ExactResult): boolean {
    if (result.cause === CAUSE_BITS.E) return this.#unimplemented();
    if (!this.#accept(result.cause)) return false;
    if (isDouble) {
      this.#words[fd & 30] = Number(result.bits & 0xffff_ffffn);
      this.#words[fd | 1] = Number(result.bits >> 32n);
    } else {
      this.#words[fd] = Number(result.bits);
    }
    return true;
  }

  /** Sets Cause; flags follow unless one of the exceptions is enabled: then the interrupt is raised instead. */
  #accept(cause: number): boolean {
    const old = this.#control[0] as number;
    const rest = old & NO_CAUSE;
    if ((cause & (old >>> 7)) !== 0) {
      this.#control[0] = rest | (cause << 12);
      this.#raise(true);
      return false;
    }
    this.#control[0] = rest | (cause << 12) | (cause << 2);
    if (rest !== old) this.#raise(false);
    return true;
  }

  #unimplemented(): false {
    this.#control[0] = ((this.#control[0] as number) & NO_CAUSE) | FCR31.E;
    this.#raise(true);
    return false;
  }
}

/** From the nearest number to the one that a directed mode asks for, in units of the last place of the magnitude. */
function magnitudeStep(rounding: number, isPositive: boolean, isErrorPositive: boolean): number {
  const away = isPositive ? ROUND.up : ROUND.down;
  if (isPositive === isErrorPositive) return rounding === away ? 1 : 0;
  return rounding === away ? 0 : -1;
}

function roundToWhole(value: number, rounding: number): number {
  switch (rounding) {
    case ROUND.zero:
      return Math.trunc(value);
    case ROUND.up:
      return Math.ceil(value);
    case ROUND.down:
      return Math.floor(value);
    default: {
      const below = Math.floor(value);
      const rest = value - below;
      return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
    }
  }
}

/**
 * Floating-point arithmetic by whole numbers of any length: the exact sum, product or quotient, then one rounding.
 * Slow, and right by construction; the FPU comes here for infinities, zeros that need care, results near either end
 * of the range. `fpu-fast.ts` does everything else. Raises E as R3010 does: for NaN and denormal operands and for
 * results below the normal range, before rounding.
 */

/** Bits of FCR31's Cause field, from bit 12 up. */
export const CAUSE_BITS = { I: 1, U: 2, O: 4, Z: 8, V: 16, E: 32 } as const;

export const ROUND = { nearest: 0, zero: 1, up: 2, down: 3 } as const;

/** IEEE 754 interchange format: bits of the significand with the hidden one, exponent bias. */
interface Format {
  readonly precision: number;
  readonly bias: number;
  /** MIPS: a quiet NaN has the top fraction bit clear. */
  readonly quietNan: bigint;
}

const SINGLE: Format = { precision: 24, bias: 127, quietNan: 0x7fbf_ffffn };
const DOUBLE: Format = { precision: 53, bias: 1023, quietNan: 0x7ff7_ffff_ffff_ffffn };

export const OPERATION = { add: 0, sub: 1, mul: 2, div: 3 } as const;

/** Exact outcome of one operation: the bits of the result (unless E) and the Cause field. */
export interface ExactResult {
  readonly bits: bigint;
  readonly cause: number;
}

/** magnitude * 2^exponent; a zero has magnitude 0; an infinity says so. */
interface Unpacked {
  readonly isNegative: boolean;
  readonly magnitude: bigint;
  readonly exponent: number;
  readonly isInfinite: boolean;
  /** Denormal or NaN: R3010 leaves it to software. */
  readonly isUnimplemented: boolean;
}

const UNIMPLEMENTED: ExactResult = { bits: 0n, cause: CAUSE_BITS.E };

/** add, sub, mul, div of two numbers of one format, given as their bits. */
export function exactArithmetic(
  operation: number,
  isDouble: boolean,
  aBits: bigint,
  bBits: bigint,
  rounding: number,
): ExactResult {
  const format = isDouble ? DOUBLE : SINGLE;
  const a = unpack(format, aBits);
  let b = unpack(format, bBits);
  if (a.isUnimplemented || b.isUnimplemented) return UNIMPLEMENTED;
  if (operation === OPERATION.sub) b = { ...b, isNegative: !b.isNegative };
  if (operation <= OPERATION.sub) return sum(format, a, b, rounding);
  const isNegative = a.isNegative !== b.isNegative;
  if (operation === OPERATION.mul) {
    if (a.isInfinite || b.isInfinite) {
      return isZero(a) || isZero(b) ? invalid(format) : { bits: infinity(format, isNegative), cause: 0 };
    }
    return round(format, isNegative, a.magnitude * b.magnitude, a.exponent + b.exponent, rounding);
  }
  if (a.isInfinite) {
    return b.isInfinite ? invalid(format) : { bits: infinity(format, isNegative), cause: 0 };
  }
  if (b.isInfinite) return { bits: zero(format, isNegative), cause: 0 };
  if (isZero(b)) {
    return isZero(a) ? invalid(format) : { bits: infinity(format, isNegative), cause: CAUSE_BITS.Z };
  }
  // Two bits more than the format has, and a last one that says whether anything is left.
  const shift = format.precision + 3;
  const scaled = a.magnitude << BigInt(shift);
  const quotient = (scaled / b.magnitude) * 2n + (scaled % b.magnitude === 0n ? 0n : 1n);
  return round(format, isNegative, quotient, a.exponent - b.exponent - shift - 1, rounding);
}

/** cvt.s.d */
export function exactNarrow(bits: bigint, rounding: number): ExactResult {
  const value = unpack(DOUBLE, bits);
  if (value.isUnimplemented) return UNIMPLEMENTED;
  if (value.isInfinite) return { bits: infinity(SINGLE, value.isNegative), cause: 0 };
  return round(SINGLE, value.isNegative, value.magnitude, value.exponent, rounding);
}

function sum(format: Format, a: Unpacked, b: Unpacked, rounding: number): ExactResult {
  if (a.isInfinite || b.isInfinite) {
    if (a.isInfinite && b.isInfinite && a.isNegative !== b.isNegative) return invalid(format);
    return { bits: infinity(format, a.isInfinite ? a.isNegative : b.isNegative), cause: 0 };
  }
  const exponent = Math.min(a.exponent, b.exponent);
  const total = signed(a, exponent) + signed(b, exponent);
  if (total === 0n) {
    const isNegative = a.isNegative === b.isNegative ? a.isNegative : rounding === ROUND.down;
    return { bits: zero(format, isNegative), cause: 0 };
  }
  return round(format, total < 0n, total < 0n ? -total : total, exponent, rounding);
}

/** Rounds magnitude * 2^exponent to the format. */
function round(
  format: Format,
  isNegative: boolean,
  magnitude: bigint,
  exponent: number,
  rounding: number,
): ExactResult {
  if (magnitude === 0n) return { bits: zero(format, isNegative), cause: 0 };
  const { precision, bias } = format;
  const length = bitLength(magnitude);
  /** Exponent of the leading bit. */
  let leading = exponent + length - 1;
  if (leading < 1 - bias) return UNIMPLEMENTED;
  const dropped = length - precision;
  let significand = dropped > 0 ? magnitude >> BigInt(dropped) : magnitude << BigInt(-dropped);
  let cause = 0;
  if (dropped > 0) {
    const rest = magnitude - (significand << BigInt(dropped));
    if (rest !== 0n) {
      cause = CAUSE_BITS.I;
      const half = 1n << BigInt(dropped - 1);
      const isAway =
        rounding === ROUND.nearest
          ? rest > half || (rest === half && (significand & 1n) === 1n)
          : rounding === (isNegative ? ROUND.down : ROUND.up);
      if (isAway) significand += 1n;
    }
  }
  if (significand >> BigInt(precision) !== 0n) {
    significand >>= 1n;
    leading++;
  }
  if (leading > bias) {
    const isToInfinity = rounding === ROUND.nearest || rounding === (isNegative ? ROUND.down : ROUND.up);
    const bits = infinity(format, isNegative);
    // The largest finite number is the one whose bits come just before infinity's.
    return { bits: isToInfinity ? bits : bits - 1n, cause: CAUSE_BITS.O | CAUSE_BITS.I };
  }
  const hidden = 1n << BigInt(precision - 1);
  const bits = zero(format, isNegative) + BigInt(leading + bias) * hidden + (significand - hidden);
  return { bits, cause };
}

function unpack(format: Format, bits: bigint): Unpacked {
  const hidden = 1n << BigInt(format.precision - 1);
  const fraction = bits & (hidden - 1n);
  const top = Number(bits >> BigInt(format.precision - 1));
  const maximum = 2 * format.bias + 1;
  const biased = top & maximum;
  const isSpecial = biased === 0 || biased === maximum;
  return {
    isNegative: top > maximum,
    magnitude: biased === 0 ? fraction : fraction + hidden,
    exponent: (biased === 0 ? 1 : biased) - format.bias - format.precision + 1,
    isInfinite: biased === maximum && fraction === 0n,
    isUnimplemented: isSpecial && fraction !== 0n,
  };
}

function signed(value: Unpacked, exponent: number): bigint {
  const magnitude = value.magnitude << BigInt(value.exponent - exponent);
  return value.isNegative ? -magnitude : magnitude;
}

function isZero(value: Unpacked): boolean {
  return value.magnitude === 0n;
}

function zero(format: Format, isNegative: boolean): bigint {
  return isNegative ? BigInt(2 * format.bias + 2) << BigInt(format.precision - 1) : 0n;
}

function infinity(format: Format, isNegative: boolean): bigint {
  return zero(format, isNegative) + (BigInt(2 * format.bias + 1) << BigInt(format.precision - 1));
}

function invalid(format: Format): ExactResult {
  return { bits: format.quietNan, cause: CAUSE_BITS.V };
}

function bitLength(value: bigint): number {
  const digits = value.toString(16);
  return digits.length * 4 - Math.clz32(Number.parseInt(digits.charAt(0), 16)) + 28;
}

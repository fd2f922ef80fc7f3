/**
 * What a rounded sum, product or quotient of two doubles leaves out. The remainder of each is a double itself, so its
 * value is exact as long as nothing overflows or underflows; the callers see to that. Sign and zero are all they need:
 * zero means the operation was exact. Sum after Knuth, product after Dekker and Veltkamp (TAOCP volume 2, 4.2.2).
 */

/** a + b = sum + result. */
export function sumError(a: number, b: number, sum: number): number {
  const bRounded = sum - a;
  return a - (sum - bRounded) + (b - bRounded);
}

/** a * b = product + result. Wants operands below 2^990 and a product above 2^-960. */
export function productError(a: number, b: number, product: number): number {
  // 2^27 + 1 cuts 53 bits in two halves whose products are exact.
  const aScaled = 134_217_729 * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = 134_217_729 * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** Has the sign of a / b - quotient, and is zero when that is. */
export function quotientError(a: number, b: number, quotient: number): number {
  const product = quotient * b;
  const rest = a - product - productError(quotient, b, product);
  return b < 0 ? -rest : rest;
}

/*
 * Floats as integers of the same order. A float's bits, read as int32, already grow with its magnitude; flipping
 * all but the sign of negative ones makes the order total: −∞ < … < −0 < +0 < … < +∞. Integer comparisons are exact
 * on every device, where float ones may flush denormals, equate the zeros or assume that NaN does not occur.
 */

const word = new Int32Array(1);
const asFloat = new Float32Array(word.buffer);

/** Bits of the exponent; all set for NaN and ±∞. */
export const EXPONENT_BITS = 0x7f800000;

/** Key of +∞: the minimum of nothing. */
export const KEY_OF_INFINITY = EXPONENT_BITS;
/** Key of −∞: the maximum of nothing. */
export const KEY_OF_MINUS_INFINITY = ~EXPONENT_BITS;

/** The key of a float's bits, and the bits of a key: the mapping is its own inverse. */
export const flipNegative = (bits: number): number => bits ^ ((bits >> 31) & 0x7fffffff);

/** The float32 that a key stands for. */
export function floatOfKey(key: number): number {
  word[0] = flipNegative(key);
  return asFloat[0] ?? 0;
}

/** The key of a float32. */
export function keyOfFloat(value: number): number {
  asFloat[0] = value;
  return flipNegative(word[0] ?? 0);
}

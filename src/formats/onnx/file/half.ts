/*
 * The 16-bit float formats: IEEE binary16 (ONNX's FLOAT16) and the upper half of a float32 (BFLOAT16).
 * Widening is exact; narrowing rounds to nearest, ties to even.
 */

const word = new DataView(new ArrayBuffer(4));

function bitsOf(value: number): number {
  word.setFloat32(0, value);
  return word.getUint32(0);
}

function floatOf(bits: number): number {
  word.setUint32(0, bits);
  return word.getFloat32(0);
}

/** Largest finite binary16 value. */
export const FLOAT16_MAX = 65504;

export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const roundHalfToEven = (value: number): number => {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
};

/** Values beyond ±65504 that round past it become infinite, as IEEE asks. */
export function numberToFloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = bitsOf(value) & 0x80000000 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundHalfToEven(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  // Math.log2 may land one off next to a power of two; the carry below and this check put it right.
  const power = 2 ** exponent > size ? exponent - 1 : exponent;
  const fraction = roundHalfToEven(size * 2 ** (10 - power)) - 1024;
  return sign | (((power + 15) << 10) + fraction);
}

export const bfloat16ToNumber = (bits: number): number => floatOf((bits << 16) >>> 0);

export function numberToBfloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  const bits = bitsOf(value);
  const lower = bits & 0xffff;
  const upper = bits >>> 16;
  return lower > 0x8000 || (lower === 0x8000 && upper % 2 === 1) ? upper + 1 : upper;
}

/** The shortest decimal that is the same float32, so that ONNX's float attribute 0.01 prints as `0.01`. */
export function shortestFloat(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return value;
}

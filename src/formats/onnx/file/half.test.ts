import { describe, expect, it } from 'vitest';
import { bfloat16ToNumber, float16ToNumber, numberToBfloat16, numberToFloat16, shortestFloat } from './half';

const all16 = Array.from({ length: 65536 }, (_, bits) => bits);

describe('float16', () => {
  it.each([
    [0x0000, 0],
    [0x8000, -0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x03ff, 1023 * 2 ** -24],
    [0x0001, 2 ** -24],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])('0x%s is %s', (bits, value) => {
    expect(float16ToNumber(bits)).toBe(value);
  });

  it('gives every value back', () => {
    const wrong = all16.filter((bits) => {
      const value = float16ToNumber(bits);
      return !Number.isNaN(value) && numberToFloat16(value) !== bits;
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2 ** -25, 0],
    [3 * 2 ** -25, 2],
    [2 ** -14 - 2 ** -26, 0x0400],
    [2047.9999, 0x6800],
    [65519, 0x7bff],
    [65520, 0x7c00],
    [-65520, 0xfc00],
    [Number.NaN, 0x7e00],
  ])('%d rounds to nearest, ties to even', (value, bits) => {
    expect(numberToFloat16(value)).toBe(bits);
  });
});

describe('bfloat16', () => {
  it('gives every value back', () => {
    const wrong = all16.filter((bits) => {
      const value = bfloat16ToNumber(bits);
      return !Number.isNaN(value) && numberToBfloat16(value) !== bits;
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    [1 + 2 ** -8, 0x3f80],
    [1 + 3 * 2 ** -8, 0x3f82],
    [3.4e38, 0x7f80],
    [Number.NaN, 0x7fc0],
  ])('%d rounds to nearest, ties to even', (value, bits) => {
    expect(numberToBfloat16(value)).toBe(bits);
  });
});

it.each([0.01, 0.2, 1, 1e-8, -0.5, 123456.7, 0])(
  'the float32 of %d is written as short as it can be',
  (value) => {
    expect(shortestFloat(Math.fround(value))).toBe(value);
  },
);

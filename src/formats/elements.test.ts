import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementCount, MAX_ARRAY_ELEMENTS } from './arraySize';
import { decodeElements, swapByteOrder } from './elements';

const label = { file: 'a.npy', what: "array 'x'" };
const bytesOf = (data: ArrayBufferView): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

describe('decodeElements', () => {
  it('reads values that stand at an odd offset of their buffer', () => {
    const file = new Uint8Array(13);
    file.set(bytesOf(Float32Array.of(1.5, -2, Number.NaN)), 1);
    expect([...decodeElements(file.subarray(1), 'f32', label).data]).toEqual([1.5, -2, Number.NaN]);
  });

  it('decodes float16 with subnormals, signed zero, infinities and NaN', () => {
    const halves = Uint16Array.of(
      0x3c00,
      0xc000,
      0x0001,
      0x03ff,
      0x0400,
      0x7bff,
      0x8000,
      0x7c00,
      0xfc00,
      0x7e00,
    );
    const { data } = decodeElements(bytesOf(halves), 'f16', label);
    expect([...data]).toEqual([
      1,
      -2,
      2 ** -24,
      1023 * 2 ** -24,
      2 ** -14,
      65504,
      -0,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ]);
  });

  it('decodes bfloat16 as the upper half of float32', () => {
    const { data } = decodeElements(bytesOf(Uint16Array.of(0x3f80, 0xc040, 0xff80)), 'bf16', label);
    expect([...data]).toEqual([1, -3, Number.NEGATIVE_INFINITY]);
  });

  it('rounds float64 to the nearest float32 and keeps NaN and infinity', () => {
    const doubles = Float64Array.of(0.1, Number.NaN, Number.NEGATIVE_INFINITY);
    const { dtype, data } = decodeElements(bytesOf(doubles), 'f64', label);
    expect(dtype).toBe('float32');
    expect([...data]).toEqual([Math.fround(0.1), Number.NaN, Number.NEGATIVE_INFINITY]);
  });

  it('refuses a finite float64 that float32 cannot hold', () => {
    expect(() => decodeElements(bytesOf(Float64Array.of(0, 1e300)), 'f64', label)).toThrow(
      "a.npy: array 'x' holds 1e+300 at element 1, outside the range of float32",
    );
  });

  it('takes 64-bit integers of the int32 range and names the first one outside', () => {
    const limits = BigInt64Array.of(2147483647n, -2147483648n, -1n, 0n);
    expect([...decodeElements(bytesOf(limits), 'i64', label).data]).toEqual([2147483647, -2147483648, -1, 0]);
    for (const value of [2147483648n, -2147483649n, 2n ** 40n])
      expect(() => decodeElements(bytesOf(BigInt64Array.of(7n, value)), 'i64', label)).toThrow(
        `holds ${value} at element 1, outside the range of int32`,
      );
    expect(() => decodeElements(bytesOf(BigUint64Array.of(2n ** 64n - 1n)), 'u64', label)).toThrow(
      'holds 18446744073709551615 at element 0',
    );
    expect(() => decodeElements(bytesOf(Uint32Array.of(0x80000000)), 'u32', label)).toThrow('2147483648');
  });

  it('widens small integers with their sign, and makes bools 0 or 1', () => {
    const bytes = Uint8Array.of(0, 1, 0x80, 0xff);
    expect([...decodeElements(bytes, 'i8', label).data]).toEqual([0, 1, -128, -1]);
    expect([...decodeElements(bytes, 'u8', label).data]).toEqual([0, 1, 128, 255]);
    expect([...decodeElements(bytes, 'i16', label).data]).toEqual([256, -128]);
    expect([...decodeElements(bytes, 'u16', label).data]).toEqual([256, 65408]);
    expect([...decodeElements(bytes, 'bool', label).data]).toEqual([0, 1, 1, 1]);
  });

  it('reads what it swapped twice as before', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true })), (values) => {
        const bytes = bytesOf(Float32Array.from(values));
        const twice = swapByteOrder(swapByteOrder(bytes, 4), 4);
        expect(decodeElements(twice, 'f32', label)).toEqual(decodeElements(bytes, 'f32', label));
      }),
    );
    expect([...swapByteOrder(Uint8Array.of(1, 2, 3, 4), 2)]).toEqual([2, 1, 4, 3]);
  });
});

describe('elementCount', () => {
  it('counts, with an empty and a scalar shape', () => {
    expect(elementCount([2, 3], label)).toBe(6);
    expect(elementCount([], label)).toBe(1);
    expect(elementCount([MAX_ARRAY_ELEMENTS, 0], label)).toBe(0);
  });

  it('refuses negative, fractional, overflowing and too many dimensions before anything is allocated', () => {
    expect(() => elementCount([2, -1], label)).toThrow('got -1');
    expect(() => elementCount([2.5], label)).toThrow('got 2.5');
    expect(() => elementCount([2 ** 53], label)).toThrow('whole number');
    expect(() => elementCount([2 ** 32, 2 ** 32], label)).toThrow('[4294967296, 4294967296]');
    expect(() => elementCount([2 ** 40, 0], label)).toThrow('536,870,912');
    expect(() => elementCount([MAX_ARRAY_ELEMENTS + 1], label)).toThrow('split it');
    expect(() => elementCount(Array(33).fill(1), label)).toThrow('33 dimensions; at most 32');
  });
});

import { expect, it } from 'vitest';
import { atOnce } from '../inParts';
import { packText, unpackText } from './packedText';

const cross = <T>(value: T): T => atOnce(unpackText(structuredClone(packText(value))));

it('brings over what a view may hold', () => {
  const value = { text: 'a → b ü "😀"\n', list: [1, 0.1, null, true], empty: {}, none: null };
  expect(cross(value)).toEqual(value);
  expect(cross(null)).toBeNull();
});

it('brings over numbers that JSON does not have', () => {
  const value = {
    rows: [{ sqnr: Number.POSITIVE_INFINITY, error: Number.NaN }],
    low: -0,
    high: Number.NEGATIVE_INFINITY,
  };
  expect(cross(value)).toEqual(value);
  expect(Object.is(cross(value).low, -0)).toBe(true);
});

it('is a text of bytes', () => {
  expect(/^[\0-\xff]*$/.test(packText(['→ 😀']).text)).toBe(true);
});

it('keeps names that objects have by themselves', () => {
  const value: unknown = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}');
  expect(JSON.stringify(cross(value))).toBe(JSON.stringify(value));
});

it('leaves a layer alone that is called like an odd number', () => {
  const value = { layers: { 'odd number': { sqnr: Number.NaN } } };
  expect(cross(value)).toEqual(value);
});

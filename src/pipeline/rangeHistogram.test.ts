import { describe, expect, it } from 'vitest';
import { constantColumns, rangeRatio } from './liveColumns';
import { rangeHistogram } from './rangeHistogram';

/** Columns from 0 to these values. */
const columns = (...widths: readonly number[]) => ({
  min: Float32Array.from(widths, () => 0),
  max: Float32Array.from(widths),
});
const { POSITIVE_INFINITY: INF, NaN: NAN } = Number;
const EMPTY = { min: Float32Array.of(INF), max: Float32Array.of(-INF) };
const filled = (bins: Uint32Array | null | undefined) =>
  Object.fromEntries(Array.from(bins ?? [], (n, i) => [i, n]).filter(([, n]) => n !== 0));

describe('rangeHistogram', () => {
  it('counts log10 of the ranges in 32 bins from the narrowest to the widest', () => {
    const histogram = rangeHistogram(columns(1, 10, 100, 100), null);
    expect(histogram?.edges.length).toBe(33);
    expect([histogram?.edges[0], histogram?.edges[16], histogram?.edges[32]]).toEqual([0, 1, 2]);
    expect(filled(histogram?.before)).toEqual({ 0: 1, 16: 1, 31: 2 });
    expect(histogram).toMatchObject({ after: null, zero: 0 });
  });

  it('takes the same bins before and after, so that both fit', () => {
    const histogram = rangeHistogram(columns(1, 100), columns(10, 1000));
    expect([histogram?.edges[0], histogram?.edges[32]]).toEqual([0, 3]);
    expect(filled(histogram?.before)).toEqual({ 0: 1, 21: 1 });
    expect(filled(histogram?.after)).toEqual({ 10: 1, 31: 1 });
  });

  it('counts every column once: in a bin, or as one without a range', () => {
    const range = columns(0, 1, -1, NAN, INF, 3, 1e-30);
    const histogram = rangeHistogram(range, null);
    expect(histogram?.zero).toBe(5);
    expect(histogram?.before.reduce((a, b) => a + b)).toBe(2);
  });

  it('gives equal columns a bin of some width', () => {
    const histogram = rangeHistogram(columns(10, 10, 10), null);
    expect([histogram?.edges[0], histogram?.edges[32]]).toEqual([0.5, 1.5]);
    expect(filled(histogram?.before)).toEqual({ 16: 3 });
  });

  it.each([
    ['constant columns', columns(0, 0)],
    ['no columns', columns()],
    ['columns that were never finite', EMPTY],
  ])('is null for %s', (_, range) => {
    expect(rangeHistogram(range, null)).toBeNull();
  });
});

describe('rangeRatio', () => {
  it.each<readonly [string, ReturnType<typeof columns>, number | null]>([
    ['the widest over the narrowest', columns(2, 8, 4), 4],
    ['1 for equal columns', columns(3, 3), 1],
    ['1 for a single one', columns(0.25), 1],
    ['not the constant ones', columns(0, 2, 8), 4],
    ['not the ones that are not finite', columns(NAN, INF, -1, 2, 8), 4],
    ['not the ones that vanish beside the widest', columns(1e-23, 2, 8), 4],
    ['but small ones', columns(2 ** -23, 1), 2 ** 23],
    ['nothing without columns', columns(), null],
    ['nothing of constant columns', columns(0, 0), null],
    ['nothing of a column never seen', EMPTY, null],
  ])('is %s', (_, range, expected) => {
    expect(rangeRatio(range)).toBe(expected);
  });

  it('leaves out the columns that it is told to', () => {
    expect(rangeRatio(columns(1, 2, 8), new Set([0]))).toBe(4);
    expect(rangeRatio(columns(1, 2), new Set([0, 1]))).toBeNull();
  });
});

it('constantColumns are those without a range, or never seen', () => {
  expect(constantColumns(columns(0, 1, NAN, -1, INF))).toEqual(new Set([0, 2, 3]));
  expect(constantColumns(EMPTY)).toEqual(new Set([0]));
  expect(constantColumns(null)).toEqual(new Set());
});

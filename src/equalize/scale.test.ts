import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChannelRange, calculateEqualizationScale, scaleRange, widestRange } from './scale';

const range = (...columns: readonly (readonly [number, number])[]) => ({
  min: Float32Array.from(columns, ([min]) => min),
  max: Float32Array.from(columns, ([, max]) => max),
});
type Column = readonly [number, number];
const one = (input: Column, weight: Column, nonFinite: number | null = null) => {
  const scale = calculateEqualizationScale(
    range(input),
    range(weight),
    nonFinite === null ? null : [nonFinite],
  );
  return [scale.values[0], scale.neutral[0]?.reason ?? null];
};
const { POSITIVE_INFINITY: INF, NaN: NAN } = Number;
/** Smallest positive float32, a denormal. */
const TINY = 2 ** -149;

describe('the scale', () => {
  /** `torch.sqrt((w_max - w_min) / (x_max - x_min))` in PyTorch 1.13.1, float32. */
  it.each([
    [[-1, 1], [-0.5, 0.25], 0.6123724579811096],
    [[0, 100], [-0.03, 0.04], 0.026457512751221657],
    [[-0.001, 0.002], [-2, 2], 36.51483917236328],
    [[-5, -2], [1, 1.7], 0.48304590582847595],
    [[0, 3], [0, 1], 0.5773502588272095],
  ] as const)('of input %j and weight %j is sqrt(weight range / input range)', (input, weight, expected) => {
    expect(one(input, weight)).toEqual([expected, null]);
  });

  it.each([
    ['a constant input', [3, 3], [-1, 1], null, 'zero-input-range'],
    ['an input of −0 and 0', [-0, 0], [-1, 1], null, 'zero-input-range'],
    ['a dead weight column', [-1, 1], [0, 0], null, 'zero-weight-range'],
    ['two constants', [2, 2], [2, 2], null, 'zero-input-range'],
    ['an input upside down', [1, -1], [-1, 1], null, 'zero-input-range'],
    ['a weight upside down', [-1, 1], [1, -1], null, 'zero-weight-range'],
    ['an input that was never finite', [INF, -INF], [-1, 1], null, 'non-finite'],
    ['NaN in the input range', [NAN, 1], [-1, 1], null, 'non-finite'],
    ['NaN in the weight range', [-1, 1], [-1, NAN], null, 'non-finite'],
    ['an infinite weight', [-1, 1], [-INF, 1], null, 'non-finite'],
    ['an input wider than float32', [-3e38, 3e38], [-1, 1], null, 'non-finite'],
    ['values seen that were not finite', [-1, 1], [-1, 1], 1, 'non-finite'],
    ['a denormal input range', [0, TINY], [-1, 1], null, 'out-of-range'],
    ['a denormal weight range', [-1e30, 1e30], [0, TINY], null, 'out-of-range'],
    ['a scale just too large', [0, 2 ** -126], [0, 1.0001], null, 'out-of-range'],
    ['a scale just too small', [0, 1.0001], [0, 2 ** -126], null, 'out-of-range'],
  ] as const)('is 1 for %s', (_, input, weight, nonFinite, reason) => {
    expect(one(input, weight, nonFinite)).toEqual([1, reason]);
  });

  it.each([
    [[0, 2 ** -126], [0, 1], 2 ** 63],
    [[0, 1], [0, 2 ** -126], 2 ** -63],
    [[0, TINY], [0, TINY], 1],
    [[-1.7e38, 1.7e38], [-1.7e38, 1.7e38], 1],
  ] as const)('of %j and %j, at the bounds, is used', (input, weight, expected) => {
    expect(one(input, weight)).toEqual([expected, null]);
  });

  it('tells which columns were left at 1, and why', () => {
    const input = range([0, 1], [2, 2], [0, 4], [0, 1]);
    const weight = range([0, 4], [0, 1], [1, 1], [0, 1]);
    expect(calculateEqualizationScale(input, weight, [0, 0, 0, 5])).toEqual({
      values: Float32Array.of(2, 1, 1, 1),
      neutral: [
        { channel: 1, reason: 'zero-input-range' },
        { channel: 2, reason: 'zero-weight-range' },
        { channel: 3, reason: 'non-finite' },
      ],
    });
  });

  it('is positive, finite and within its bounds for any two ranges', () => {
    const column = fc.tuple(fc.float(), fc.float());
    fc.assert(
      fc.property(column, column, (input, weight) => {
        const [value = 0] = calculateEqualizationScale(range(input), range(weight)).values;
        expect(value).toBeGreaterThanOrEqual(2 ** -63);
        expect(value).toBeLessThanOrEqual(2 ** 63);
      }),
      { numRuns: 500 },
    );
  });

  it('makes the ranges of input and weight equal', () => {
    const [input, weight] = [range([-3, 5], [0, 0.01]), range([-0.1, 0.3], [-7, 2])];
    const { values } = calculateEqualizationScale(input, weight);
    const scaled = scaleRange(input, values);
    values.forEach((s, c) => {
      const below = (scaled.max[c] ?? 0) - (scaled.min[c] ?? 0);
      const above = ((weight.max[c] ?? 0) - (weight.min[c] ?? 0)) / s;
      expect(below / above).toBeCloseTo(1, 6);
    });
  });
});

/** Each channel a class of its own. */
const widestOf = (...ranges: readonly ChannelRange[]) => {
  const classes = ranges[0]?.min.map((_, c) => c) ?? [];
  return widestRange(
    classes.length,
    ranges.map((r) => ({ range: r, classes: Int32Array.from(classes) })),
  );
};

describe('widestRange', () => {
  it('of channels that share a class is the widest of them; a channel of none does not count', () => {
    const tensor = range([0, 1], [3, 9], [-1, 1], [0, 99]);
    expect(widestRange(2, [{ range: tensor, classes: Int32Array.of(0, 1, 0, -1) }])).toEqual(
      range([-1, 1], [3, 9]),
    );
  });
  it('takes each column from the tensor in which it is widest', () => {
    const widest = widestOf(range([0, 1], [-1, 1]), range([5, 7], [0, 1]), range([1, 2], [-9, -6]));
    expect(widest).toEqual(range([5, 7], [-9, -6]));
  });
  it('prefers a column that was seen to one that was not', () => {
    expect(widestOf(range([INF, -INF]), range([0, 1]))).toEqual(range([0, 1]));
  });
  it('does not lose a range that is not a number', () => {
    for (const order of [
      [range([NAN, NAN]), range([0, 1])],
      [range([0, 1]), range([NAN, NAN])],
    ])
      expect(calculateEqualizationScale(widestOf(...order), range([0, 1])).neutral).toEqual([
        { channel: 0, reason: 'non-finite' },
      ]);
  });
  it('of one tensor is its own, in new arrays', () => {
    const own = range([0, 1]);
    const widest = widestOf(own);
    expect(widest).toEqual(own);
    expect(widest.min).not.toBe(own.min);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { isLazy, lazyTensor } from '../graph/lazyTensor';
import { asFloat, floatTensor } from '../graph/tensor';
import { columnRange, divideColumns, multiplyBias, multiplyRows } from './weight';

const weight = floatTensor([2, 3], Float32Array.of(1, -2, 3, 4, 5, -6));
const values = (tensor: { readonly data: Float32Array }) => Array.from(tensor.data);

describe('a weight [2, 3]', () => {
  it('has the range of each column over its rows', () => {
    expect(columnRange(weight)).toEqual({
      min: Float32Array.of(1, -2, -6),
      max: Float32Array.of(4, 5, 3),
      hasNaN: false,
    });
  });

  it('is divided column by column', () => {
    expect(values(divideColumns(weight, Float32Array.of(2, 4, 0.5)))).toEqual([0.5, -0.5, 6, 2, 1.25, -12]);
  });

  it('is multiplied row by row', () => {
    expect(values(multiplyRows(weight, Float32Array.of(2, -0.5)))).toEqual([2, -4, 6, -2, -2.5, 3]);
  });

  it('keeps its shape, and the tensor that was given stays', () => {
    for (const changed of [
      divideColumns(weight, Float32Array.of(2, 2, 2)),
      multiplyRows(weight, Float32Array.of(2, 2)),
    ])
      expect(changed.shape).toEqual([2, 3]);
    expect(values(weight)).toEqual([1, -2, 3, 4, 5, -6]);
  });
});

it('a bias is multiplied as its rows are', () => {
  expect(values(multiplyBias(floatTensor([2], Float32Array.of(3, -4)), Float32Array.of(2, 0.5)))).toEqual([
    6, -2,
  ]);
});

/** `torch.tensor(3.) * (1.0 / torch.tensor(7.))` in PyTorch 1.13.1; the plain quotient is 0.4285714328289032. */
it('divides by way of the reciprocal in float32, as PyTorch does', () => {
  const divided = divideColumns(floatTensor([1, 1], Float32Array.of(3)), Float32Array.of(7));
  expect(divided.data[0]).toBe(0.4285714626312256);
});

/** Four rows in two groups of two channels each, kernels of two: row r meets channels 0, 1 (r < 2) or 2, 3. */
const grouped = floatTensor([4, 2, 2], Float32Array.of(1, -1, 2, 3, 4, 0, -5, 6, 7, 8, 9, 9, -8, 7, 1, 2));

describe('a weight of a grouped convolution [4, 2, 2]', () => {
  it('has a range for each input channel: over the rows of its group and the kernel', () => {
    expect(columnRange(grouped, 2)).toEqual({
      min: Float32Array.of(-1, -5, -8, 1),
      max: Float32Array.of(4, 6, 8, 9),
      hasNaN: false,
    });
  });
  it('is divided by the scale of the channel that each element meets', () => {
    expect(values(divideColumns(grouped, Float32Array.of(1, 2, 4, 8), 2))).toEqual([
      1, -1, 1, 1.5, 4, 0, -2.5, 3, 1.75, 2, 1.125, 1.125, -2, 1.75, 0.125, 0.25,
    ]);
  });
  it('is multiplied row by row, whatever the group', () => {
    expect(values(multiplyRows(grouped, Float32Array.of(1, 10, -1, 2)))).toEqual([
      1, -1, 2, 3, 40, 0, -50, 60, -7, -8, -9, -9, -16, 14, 2, 4,
    ]);
  });
  it('without groups has columns over all rows', () => {
    expect(columnRange(grouped)).toMatchObject({ min: Float32Array.of(-8, -5), max: Float32Array.of(8, 9) });
  });
  it('depthwise: a row is a column', () => {
    const depthwise = floatTensor([2, 1, 2], Float32Array.of(1, 2, -3, 4));
    expect(columnRange(depthwise, 2)).toMatchObject({
      min: Float32Array.of(1, -3),
      max: Float32Array.of(2, 4),
    });
  });
});

describe('odd weights', () => {
  it('NaN is left out of a range and told, infinity is in it', () => {
    const odd = floatTensor([2, 2], Float32Array.of(Number.NaN, 1, 2, Number.POSITIVE_INFINITY));
    expect(columnRange(odd)).toEqual({
      min: Float32Array.of(2, 1),
      max: Float32Array.of(2, Number.POSITIVE_INFINITY),
      hasNaN: true,
    });
  });
  it('no rows give an empty range', () => {
    expect(columnRange(floatTensor([0, 2], new Float32Array()))).toEqual({
      min: new Float32Array(2).fill(Number.POSITIVE_INFINITY),
      max: new Float32Array(2).fill(Number.NEGATIVE_INFINITY),
      hasNaN: false,
    });
  });
  it('one row has columns without a range', () => {
    const { min, max } = columnRange(floatTensor([1, 2], Float32Array.of(3, -1)));
    expect([min, max]).toEqual([Float32Array.of(3, -1), Float32Array.of(3, -1)]);
  });
});

describe('a lazy weight', () => {
  it('is scaled when it is asked for, columns and rows in one go, and nothing in between is kept', () => {
    let made = 0;
    const lazy = lazyTensor('float32', [4, 2, 2], () => {
      made++;
      return grouped.data;
    });
    const columns = divideColumns(asFloat(lazy, 'w'), Float32Array.of(1, 2, 4, 8), 2);
    const both = multiplyRows(columns, Float32Array.of(1, 10, -1, 2));
    expect([isLazy(columns), isLazy(both), made]).toEqual([true, true, 0]);
    expect(values(both)).toEqual([
      1, -1, 1, 1.5, 40, 0, -25, 30, -1.75, -2, -1.125, -1.125, -4, 3.5, 0.25, 0.5,
    ]);
    expect(values(columns).slice(4, 8)).toEqual([4, 0, -2.5, 3]);
    expect(made).toBe(1);
  });

  it('that is scaled has the ranges of its data, which is not made for them', () => {
    const lazy = asFloat(
      lazyTensor('float32', [4, 2, 2], () => grouped.data),
      'w',
    );
    for (const groups of [1, 2]) {
      const columns = divideColumns(lazy, Float32Array.of(1, 2, 4, 8).subarray(0, 2 * groups), groups);
      const both = multiplyRows(columns, Float32Array.of(1, 10, -1, 2));
      const whole = floatTensor(both.shape, both.data.slice());
      for (const asked of [1, 2]) expect(columnRange(both, asked)).toEqual(columnRange(whole, asked));
      const unread = divideColumns(lazy, Float32Array.of(1, 2, 4, 8).subarray(0, 2 * groups), groups);
      vi.spyOn(unread, 'data', 'get').mockImplementation(() => {
        throw new Error('made');
      });
      expect(columnRange(unread).min).toHaveLength(2);
    }
  });
});

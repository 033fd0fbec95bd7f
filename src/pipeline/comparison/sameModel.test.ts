import { expect, it } from 'vitest';
import { floatTensor } from '../../graph/tensor';
import { sameModel } from './sameModel';
import { modelOf } from './testComparison';

const scaled = (values: readonly number[], op = 'torch.mul', shape = [values.length]) =>
  modelOf((g) => g.call('y', op, 'x', g.constant('s', floatTensor(shape, Float32Array.from(values)))));

it('a model is the same as one with the same nodes and numbers', () => {
  expect(sameModel(scaled([1, Number.NaN]), scaled([1, Number.NaN]))).toBe(true);
  expect(sameModel(scaled([1, 2]), scaled([1, 2], 'torch.mul', [1, 2]))).toBe(true);
});

it.each([
  ['number', scaled([1, 2.0000002])],
  ['op', scaled([1, 2], 'torch.add')],
  ['shape', scaled([1, 2], 'torch.mul', [2, 1])],
  ['tensor', modelOf((g) => g.call('y', 'torch.mul', 'x', 2))],
])('another %s makes another model', (_, other) => {
  expect(sameModel(scaled([1, 2]), other)).toBe(false);
  expect(sameModel(other, scaled([1, 2]))).toBe(false);
});

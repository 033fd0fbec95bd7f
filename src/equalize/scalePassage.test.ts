import { describe, expect, it } from 'vitest';
import { TestModel } from '../exec/testModel';
import { GraphIndex } from '../graph/graph';
import { nodeName } from '../graph/ids';
import type { Argument } from '../graph/node';
import { opOf } from '../graph/resolve';
import { floatTensor } from '../graph/tensor';
import { axisBefore, axisBehind, scalePassage } from './scalePassage';

const F = 'torch.nn.functional';

/** The passage of the node `op` that the callback adds behind `x`. */
function passageOf(add: (g: TestModel) => string, rank: number | null = null) {
  const g = new TestModel();
  g.input('x');
  add(g);
  const model = g.build('op');
  const index = new GraphIndex(model.graph);
  return scalePassage(opOf(model, index, index.get(nodeName('op'))), rank);
}

const functional = (target: string, ...args: readonly (Argument | string)[]) =>
  passageOf((g) => g.call('op', target, 'x', ...args));
const method = (rank: number | null, target: string, ...args: readonly Argument[]) =>
  passageOf((g) => g.method('op', target, 'x', ...args), rank);

/** Where the axes −1, −2, −3, −4 of the operand lie in the result. */
const behind = (passage: ReturnType<typeof scalePassage>) =>
  [-1, -2, -3, -4].map((axis) => axisBehind(passage, axis));

describe('a scale along an axis of a tensor', () => {
  it.each([
    ['ReLU', functional('torch.relu')],
    ['LeakyReLU', functional(`${F}.leaky_relu`, 0.1)],
    ['Dropout', functional(`${F}.dropout`, 0.5)],
    ['contiguous', method(null, 'contiguous')],
    [
      'PReLU with a slope for each channel',
      passageOf((g) => {
        const weight = floatTensor([2], Float32Array.of(0.1, 0.2));
        return g.module('op', 'x', { type: 'torch.nn.PReLU', tensors: { weight } });
      }),
    ],
  ])('passes %s where it stands', (_, passage) => {
    expect(behind(passage)).toEqual([-1, -2, -3, -4]);
  });

  it.each([
    ['max_pool1d', functional(`${F}.max_pool1d`, 2), [null, -2, -3, -4]],
    ['avg_pool2d', functional(`${F}.avg_pool2d`, 2), [null, null, -3, -4]],
    ['max_pool3d', functional(`${F}.max_pool3d`, 2), [null, null, null, -4]],
    ['adaptive_avg_pool2d', functional(`${F}.adaptive_avg_pool2d`, 1), [null, null, -3, -4]],
  ])('passes %s unless it looks along that axis', (_, passage, expected) => {
    expect(behind(passage)).toEqual(expected);
  });

  it.each([
    ['permute', method(null, 'permute', 0, 2, 3, 1), [-2, -3, -1, -4]],
    ['permute with negative axes', method(null, 'permute', -4, -1, -3, -2), [-3, -1, -2, -4]],
    ['transpose of the last two', method(null, 'transpose', -1, -2), [-2, -1, -3, -4]],
    ['transpose of a tensor of known rank', method(4, 'transpose', 1, -1), [-3, -2, -1, -4]],
  ])('moves through %s, and back', (_, passage, expected) => {
    expect(behind(passage)).toEqual(expected);
    expect(expected.map((axis) => axisBefore(passage, axis))).toEqual([-1, -2, -3, -4]);
  });

  it('does not pass a transpose whose axes depend on an unknown rank', () => {
    expect(method(null, 'transpose', 1, 2)).toEqual({ kind: 'unknown-rank' });
    expect(method(null, 'transpose', 1, -1)).toEqual({ kind: 'unknown-rank' });
    expect(axisBefore({ kind: 'unknown-rank' }, -1)).toBeNull();
  });

  it('does not pass axes that are not there', () => {
    expect(method(3, 'transpose', 1, 3)).toEqual({ kind: 'barrier' });
    expect(method(null, 'permute', 0, 1, 1)).toEqual({ kind: 'barrier' });
    expect(method(null, 'permute', 0, 1, 5)).toEqual({ kind: 'barrier' });
  });

  it.each([
    ['sigmoid', functional('torch.sigmoid')],
    ['relu6', functional(`${F}.relu6`)],
    ['a sum', functional('operator.add', 1)],
    ['a reshape', method(null, 'reshape', -1, 4)],
    ['flatten', functional('torch.flatten', 1)],
    ['a mean', method(null, 'mean', [2, 3])],
    ['squeeze', method(null, 'squeeze', 1)],
    ['softmax', functional(`${F}.softmax`, -1)],
    ['layer_norm', functional(`${F}.layer_norm`, [4])],
  ])('does not pass %s', (_, passage) => {
    expect(behind(passage)).toEqual([null, null, null, null]);
  });
});

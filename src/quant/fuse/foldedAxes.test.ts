import { expect, it } from 'vitest';
import type { TestModel } from '../../exec/testModel';
import type { Shape } from '../../graph/shape';
import { floatTensor } from '../../graph/tensor';
import { buildModel } from '../testPrepare';
import { foldBatchNorm } from './foldBatchNorm';

const ones = (...shape: number[]) =>
  floatTensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1));

/** Three channels to three. */
const LAYERS = {
  Linear: { attrs: { in_features: 3, out_features: 3, bias: false }, tensors: { weight: ones(3, 3) } },
  Conv1d: {
    attrs: { in_channels: 3, out_channels: 3, kernel_size: [1], bias: false },
    tensors: { weight: ones(3, 3, 1) },
  },
};

/** BatchNorm1d normalizes axis 1, of a matrix too. */
const norm = (g: TestModel, input: string) =>
  g.module('norm', input, {
    type: 'torch.nn.BatchNorm1d',
    attrs: { num_features: 3 },
    tensors: { weight: ones(3), bias: ones(3), running_mean: ones(3), running_var: ones(3) },
  });

it.each<readonly [keyof typeof LAYERS, Shape, boolean]>([
  ['Linear', ['n', 3], true],
  ['Linear', ['n', 3, 3], false],
  ['Conv1d', ['n', 3, 3], true],
  // One sample, which the normalization takes for a batch of three.
  ['Conv1d', [3, 3], false],
])('a %s of %j folds only where the normalization is of its channels: %s', (layer, shape, folds) => {
  const model = buildModel((g) =>
    norm(g, g.module('layer', 'x', { type: `torch.nn.${layer}`, ...LAYERS[layer] })),
  );
  const { changes } = foldBatchNorm({ ...model, inputShapes: { x: shape } });
  expect(changes.length > 0).toBe(folds);
});

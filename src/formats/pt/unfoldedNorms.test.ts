import { beforeAll, expect, it } from 'vitest';
import { compareModels } from '../../exec/compare';
import { PLAIN_JOB } from '../../exec/job';
import { openTestDevice } from '../../exec/testDevice';
import { batchOf, noise, TestModel } from '../../exec/testModel';
import { floatTensor, sizeOf } from '../../graph/tensor';
import { foldBatchNorm } from '../../quant/fuse/foldBatchNorm';
import { unfoldedNorms } from './unfoldedNorms';

/* A user's own module takes the tensors of a folded model: it has the same names, and computes the same. */

beforeAll(() => openTestDevice('cpu'));

let seed = 1;
const tensor = (...shape: number[]) => floatTensor(shape, noise(sizeOf(shape), seed++));
const positive = (size: number) =>
  floatTensor(
    [size],
    noise(size, seed++).map((v) => v * v + 0.5),
  );

const LAYERS = {
  Linear: { norm: 'BatchNorm1d', attrs: { in_features: 3, out_features: 2 }, weight: [2, 3], x: [4, 3] },
  Conv2d: {
    norm: 'BatchNorm2d',
    attrs: { in_channels: 3, out_channels: 2, kernel_size: [2, 2] },
    weight: [2, 3, 2, 2],
    x: [2, 3, 4, 4],
  },
  ConvTranspose2d: {
    norm: 'BatchNorm2d',
    attrs: { in_channels: 3, out_channels: 2, kernel_size: [2, 2] },
    weight: [3, 2, 2, 2],
    x: [2, 3, 4, 4],
  },
} as const;

const CASES = (['Linear', 'Conv2d', 'ConvTranspose2d'] as const).flatMap((type) =>
  [true, false].flatMap((bias) => [true, false].map((affine) => ({ type, bias, affine }))),
);

it.each(CASES)('$type with bias $bias, affine $affine', async ({ type, bias, affine }) => {
  const { norm, attrs, weight, x } = LAYERS[type];
  const g = new TestModel();
  const layer = g.module('layer', g.input('x'), {
    type: `torch.nn.${type}`,
    attrs: { ...attrs, bias },
    tensors: { weight: tensor(...weight), ...(bias && { bias: tensor(2) }) },
  });
  const statistics = { running_mean: tensor(2), running_var: positive(2) };
  const model = g.build(
    g.module('norm', layer, {
      type: `torch.nn.${norm}`,
      attrs: { num_features: 2, affine, eps: 1e-3 },
      tensors: { ...statistics, ...(affine && { weight: tensor(2), bias: tensor(2) }) },
    }),
  );
  const folded = foldBatchNorm(model).model;
  expect(folded.graph.nodes.map(({ name }) => name)).not.toContain('norm');
  const params = unfoldedNorms(model, folded);
  expect(Object.keys(params).toSorted()).toEqual(Object.keys(model.params).toSorted());
  const { outputs } = await compareModels(
    model,
    { ...model, params },
    [batchOf({ x: tensor(...x) })],
    [],
    PLAIN_JOB,
  );
  expect(outputs.maxRelError).toBeLessThan(1e-5);
});

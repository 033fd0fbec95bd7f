import { beforeAll, describe, expect, it } from 'vitest';
import { floatTensor, type Tensor } from '../../graph/tensor';
import { openTestDevice, TEST_BACKENDS } from '../testDevice';
import type { TestModel } from '../testModel';
import { close, run } from '../testOps';

const F = 'torch.nn.functional';
const vector = (...values: number[]) => floatTensor([values.length], Float32Array.from(values));
const x = vector(-3, -1.5, -0.5, 0, 0.25, 1, 4, 7);

/** What PyTorch 1.13.1 computes on `x`. */
const TORCH: Record<string, readonly [(g: TestModel) => string, readonly number[]]> = {
  gelu: [
    (g) => g.call('y', `${F}.gelu`, 'x'),
    [-0.00405, -0.100211, -0.154269, 0, 0.149677, 0.841345, 3.999873, 7],
  ],
  'GELU with tanh': [
    (g) => g.module('y', 'x', { type: 'torch.nn.GELU', attrs: { approximate: 'tanh' } }),
    [-0.003637, -0.100428, -0.154286, 0, 0.149675, 0.841192, 3.99993, 7],
  ],
  silu: [
    (g) => g.call('y', `${F}.silu`, 'x'),
    [-0.142278, -0.273638, -0.18877, 0, 0.140544, 0.731059, 3.928055, 6.993623],
  ],
  elu: [(g) => g.call('y', `${F}.elu`, 'x'), [-0.950213, -0.77687, -0.393469, 0, 0.25, 1, 4, 7]],
  'ELU of half the height': [
    (g) => g.module('y', 'x', { type: 'torch.nn.ELU', attrs: { alpha: 0.5 } }),
    [-0.475106, -0.388435, -0.196735, 0, 0.25, 1, 4, 7],
  ],
  relu6: [(g) => g.call('y', `${F}.relu6`, 'x'), [0, 0, 0, 0, 0.25, 1, 4, 6]],
  Hardtanh: [
    (g) => g.module('y', 'x', { type: 'torch.nn.Hardtanh', attrs: { min_val: -1, max_val: 2 } }),
    [-1, -1, -0.5, 0, 0.25, 1, 2, 2],
  ],
  'clamp from below': [(g) => g.method('y', 'clamp', 'x', -1), [-1, -1, -0.5, 0, 0.25, 1, 4, 7]],
  'clamp of nothing': [(g) => g.call('y', 'torch.clamp', 'x'), [...x.data]],
  'PReLU with one slope': [
    (g) => g.module('y', 'x', { type: 'torch.nn.PReLU', tensors: { weight: vector(0.25) } }),
    [-0.75, -0.375, -0.125, 0, 0.25, 1, 4, 7],
  ],
};

const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minusInf } = Number;

describe.each(TEST_BACKENDS)('activations on %s', (backend) => {
  beforeAll(async () => {
    await openTestDevice(backend);
  });

  it.each(Object.entries(TORCH))('%s', async (_, [write, expected]) => {
    const { shape, values } = await run({ x }, write);
    expect(shape).toEqual([8]);
    close(values, expected);
  });

  it.each<[string, (g: TestModel) => string, readonly number[]]>([
    ['relu6', (g) => g.call('y', `${F}.relu6`, 'x'), [nan, 6, 0]],
    ['hardtanh', (g) => g.call('y', `${F}.hardtanh`, 'x'), [nan, 1, -1]],
    ['prelu', (g) => g.call('y', `${F}.prelu`, 'x', g.constant('w', vector(0.25))), [nan, inf, minusInf]],
  ])('%s of NaN and the infinities', async (_, write, expected) => {
    const { values } = await run({ x: vector(nan, inf, minusInf) }, write);
    expect(values.map((v) => v + 0)).toEqual(expected);
  });

  it('elu of the infinities', async () => {
    // NaN is left out: WGSL lets a GPU's exp make anything of it.
    const { values } = await run({ x: vector(inf, minusInf) }, (g) => g.call('y', `${F}.elu`, 'x', 0.5));
    expect(values).toEqual([inf, -0.5]);
  });

  it('PReLU with a slope per channel, which is axis 1, or the only axis', async () => {
    const weight = vector(0.5, 2);
    const prelu = (g: TestModel) => g.module('y', 'x', { type: 'torch.nn.PReLU', tensors: { weight } });
    const of = async (shape: readonly number[], data: readonly number[]) =>
      (await run({ x: floatTensor(shape, Float32Array.from(data)) }, prelu)).values;
    expect(await of([2, 2], [-1, -1, 3, -4])).toEqual([-0.5, -2, 3, -8]);
    expect(await of([1, 2, 2], [-1, 1, -2, 2])).toEqual([-0.5, 1, -4, 2]);
    expect(await of([2], [-1, -1])).toEqual([-0.5, -2]);
    await expect(of([1, 3], [1, 2, 3])).rejects.toThrow(
      "Node 'y' (prelu) failed: its 2 slopes do not fit an input of shape [1, 3].",
    );
  });
});

const rows = floatTensor([1, 3, 4], Float32Array.of(-2, -0.5, 0, 3, 0.25, 1, 3, -1, 1, 1, 1, 1));

describe.each(TEST_BACKENDS)('normalization and look-up on %s', (backend) => {
  beforeAll(async () => {
    await openTestDevice(backend);
  });

  it('LayerNorm over the last axis, with weight and bias', async () => {
    const tensors = { weight: vector(1, 2, -1, 0.5), bias: vector(0, 1, 2, -1) };
    const { values } = await run({ x: rows }, (g) =>
      g.module('y', 'x', { type: 'torch.nn.LayerNorm', attrs: { normalized_shape: [4] }, tensors }),
    );
    close(
      values,
      [-1.170326, 0.311573, 2.068843, -0.208309, -0.387657, 1.258438, 0.492447, -1.624558, 0, 1, 2, -1],
    );
  });

  it('F.layer_norm over two axes, without weight and bias', async () => {
    const { values } = await run({ x: rows }, (g) =>
      g.call('y', `${F}.layer_norm`, 'x', [3, 4], null, null, 0.5),
    );
    close(
      values,
      [
        -1.693033, -0.733203, -0.41326, 1.506399, -0.253288, 0.226626, 1.506399, -1.053146, 0.226626,
        0.226626, 0.226626, 0.226626,
      ],
    );
  });

  it('LayerNorm refuses another width', async () => {
    const layerNorm = (g: TestModel) => g.call('y', `${F}.layer_norm`, 'x', [5]);
    await expect(run({ x: rows }, layerNorm)).rejects.toThrow(
      'its input [1, 3, 4] must end in the normalized shape [5]',
    );
  });

  it('Embedding: rows by whole numbers of either type; NaN for those outside', async () => {
    const weight = floatTensor([3, 2], Float32Array.of(1, 2, 3, 4, 5, 6));
    const type = 'torch.nn.Embedding';
    const attrs = { num_embeddings: 3, embedding_dim: 2, padding_idx: 0 };
    const look = (x: Tensor) => run({ x }, (g) => g.module('y', 'x', { type, attrs, tensors: { weight } }));
    const whole: Tensor = { dtype: 'int32', shape: [2, 2], data: Int32Array.of(2, 0, 1, 1) };
    expect(await look(whole)).toEqual({ shape: [2, 2, 2], values: [5, 6, 1, 2, 3, 4, 3, 4] });
    expect((await look(vector(2, 3, -1))).values).toEqual([5, 6, nan, nan, nan, nan]);
    const swapped = await run({ x: vector(1) }, (g) =>
      g.call('y', 'torch.embedding', g.constant('w', weight), 'x'),
    );
    expect(swapped).toEqual({ shape: [1, 2], values: [3, 4] });
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../graph/model';
import { floatTensor } from '../graph/tensor';
import { to } from '../graph/testGraph';
import { QCONFIG_PRESETS } from '../quant/qconfig';
import { mappingOf } from '../quant/qconfigMapping';
import { roundHalfToEven } from '../quant/qparams';
import { quantizeWeight } from '../quant/quantizeWeight';
import { converted } from '../quant/testConvert';
import type { Build } from '../quant/testPrepare';
import { Executor } from './executor';
import { openTestDevice } from './testDevice';
import { batchOf, noise, type TestModel } from './testModel';
import { run } from './testOps';

/* The reference form and the lowered one compute the same. */

const F = 'torch.nn.functional';
const weights = (...shape: number[]) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return floatTensor(shape, noise(size, 3));
};
const module = (type: string, attrs = {}, tensors = {}) => ({ type: `torch.nn.${type}`, attrs, tensors });
const conv = (g: TestModel, input = 'x', name = 'conv') => {
  const attrs = { in_channels: 2, out_channels: 2, kernel_size: [3], padding: [1] };
  const tensors = { weight: weights(2, 2, 3), bias: weights(2) };
  return g.module(name, input, module('Conv1d', attrs, tensors));
};
const unary =
  (target: string, ...args: readonly (number | number[])[]): Build =>
  (g) =>
    conv(g, g.call('y', target, conv(g), ...args), 'after');
const layer =
  (type: string, attrs = {}, tensors = {}): Build =>
  (g) =>
    conv(g, g.module('y', conv(g), module(type, attrs, tensors)), 'after');

const GRAPHS: Record<string, Build> = {
  'connected convolutions': (g) => conv(g, conv(g), 'second'),
  'a module called twice': (g) => g.again('conv_1', 'conv', conv(g)),
  'a fused ReLU': unary(`${F}.relu`),
  'a sum and its ReLU': (g) => g.call('r', `${F}.relu`, g.call('y', 'operator.add', 'x', conv(g))),
  'a product': (g) => g.call('y', 'torch.mul', 'x', conv(g)),
  'a sum with a number': unary('operator.add', 1),
  'a product with a number': unary('torch.mul', -2.5),
  'a matrix product': (g) => g.call('y', 'torch.matmul', conv(g), g.method('t', 'transpose', 'x', 1, 2)),
  'a concatenation': (g) => g.call('y', 'torch.cat', [to('x'), to(conv(g))], 1),
  'a sigmoid': unary('torch.sigmoid'),
  'a tanh': unary('torch.tanh'),
  'a softmax': layer('Softmax', { dim: -1 }),
  'a bound': layer('ReLU6'),
  'a maximum': unary(`${F}.max_pool1d`, 2),
  'an average': layer('AvgPool1d', { kernel_size: 2 }),
  'a mean': (g) => g.method('y', 'mean', conv(g), 1),
  'a leaky ReLU': layer('LeakyReLU', { negative_slope: 0.1 }),
  'a function with its grid by keyword': unary(`${F}.leaky_relu`, 0.1),
  'a PReLU': layer('PReLU', {}, { weight: weights(1) }),
  'a normalization': layer('LayerNorm', { normalized_shape: [4], elementwise_affine: false }),
  'a dropout': layer('Dropout'),
  'a functional convolution and its ReLU': (g) => {
    const c = g.call('c', 'torch.conv1d', 'x', g.constant('w', weights(2, 2, 3)), null, 1, 1, 1, 1);
    return g.call('r', `${F}.relu`, c);
  },
  'a functional Linear': (g) =>
    g.call('y', `${F}.linear`, 'x', g.constant('w', weights(3, 4)), g.constant('b', weights(3))),
};

/** Larger than what the observers of `testConvert` saw, so that some values are clipped. */
const x = floatTensor(
  [3, 2, 4],
  noise(24, 1).map((value) => value * 5),
);

async function outputOf(model: Model): Promise<readonly number[]> {
  const executor = new Executor(model);
  const [y] = executor.run(batchOf({ x }));
  const values = Array.from((await y?.data()) ?? []);
  y?.dispose();
  executor.dispose();
  return values;
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => openTestDevice(backend));

  it.each(Object.entries(GRAPHS))('%s', async (_, build) => {
    for (const preset of ['default', 'per-channel'] as const) {
      const { reference, lowered } = converted(build, mappingOf(QCONFIG_PRESETS[preset]));
      const expected = await outputOf(reference);
      expect(expected.length).toBeGreaterThan(0);
      expect(await outputOf(lowered)).toEqual(expected);
    }
  });

  it.each(['default', 'per-channel'] as const)(
    'a convolution between two grids, its weight on that of %s',
    async (preset) => {
      const qconfig = QCONFIG_PRESETS[preset];
      const { reference } = converted(conv, mappingOf(qconfig));
      // Observers that saw −1…1 and −2…2: 127 steps with 0 on it; quint8 goes on to 255.
      const onGrid = (size: number) => (value: number) => {
        const scale = Math.fround((2 * size) / 127);
        const level = roundHalfToEven(Math.fround(value * Math.fround(1 / scale)));
        return Math.min(191, Math.max(-64, level)) * scale;
      };
      const { values } = quantizeWeight(weights(2, 2, 3), qconfig.weight);
      const rounded = floatTensor(x.shape, x.data.map(onGrid(1)));
      const float = await run({ x: rounded }, (g) =>
        g.call('y', 'torch.conv1d', 'x', g.constant('w', values), g.constant('b', weights(2)), 1, 1),
      );
      const actual = await outputOf(reference);
      float.values.forEach((value, i) => {
        expect(Math.abs((actual[i] ?? 0) - onGrid(2)(value))).toBeLessThan(1e-5);
      });
    },
  );

  it('quantize_per_channel rounds each slice to its own grid', async () => {
    const scales = floatTensor([2], Float32Array.of(0.5, 2));
    const zeroPoints = { dtype: 'int32' as const, shape: [2], data: Int32Array.of(0, 1) };
    const values = floatTensor([2, 3], Float32Array.of(0.3, -0.25, 100, 2.9, 3, -400));
    const result = await run({ x: values }, (g) =>
      g.method(
        'd',
        'dequantize',
        g.call(
          'q',
          'torch.quantize_per_channel',
          'x',
          g.constant('s', scales),
          g.constant('z', zeroPoints),
          0,
          { dtype: 'torch.qint8' },
        ),
      ),
    );
    expect(result.values.map((value) => value + 0)).toEqual([0.5, 0, 63.5, 2, 4, -258]);
  });
});

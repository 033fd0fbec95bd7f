import { beforeAll, describe, expect, it } from 'vitest';
import { Executor } from '../exec/executor';
import { openTestDevice } from '../exec/testDevice';
import { batchOf, noise, type TestModel } from '../exec/testModel';
import { run } from '../exec/testOps';
import { applyChange, revertChange } from '../graph/change';
import { lint } from '../graph/lint';
import { inputsOf } from '../graph/node';
import { asFloat, floatTensor } from '../graph/tensor';
import { to } from '../graph/testGraph';
import { convert } from './convert';
import type { ObservedModel } from './observer';
import { QCONFIG_PRESETS, type QConfig } from './qconfig';
import { mappingOf } from './qconfigMapping';
import { quantizeWeight } from './quantizeWeight';
import { type Build, buildModel, observe } from './testPrepare';
import { observerNodes, withStats } from './withStats';

/* Convolutions, pooling and cat in the quantized model. */

const F = 'torch.nn.functional';
const seeded = (seed: number, ...shape: number[]) =>
  floatTensor(
    shape,
    noise(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
  );
const conv = (g: TestModel, input = 'x', name = 'conv') =>
  g.module(name, input, {
    type: 'torch.nn.Conv1d',
    attrs: { in_channels: 2, out_channels: 2, kernel_size: [3], padding: [1] },
    tensors: { weight: seeded(1, 2, 2, 3), bias: seeded(2, 2) },
  });

/** Observers that saw −1 … 1. */
function calibrated(model: ObservedModel): ObservedModel {
  const channels = {
    min: Float32Array.of(-1),
    max: Float32Array.of(1),
    nonFinite: new Float64Array(1),
    samples: 1,
    rank: 2,
  };
  return withStats(model, new Map(observerNodes(model).map(({ node }) => [node, channels])));
}

function converted(build: Build, qconfig: QConfig = QCONFIG_PRESETS.default) {
  const observed = calibrated(observe(buildModel(build), mappingOf(qconfig)));
  const { model, changes } = convert(observed);
  lint(model);
  expect(changes.reduce(applyChange, observed.graph)).toEqual(model.graph);
  expect(changes.reduceRight(revertChange, model.graph)).toEqual(observed.graph);
  return model;
}

/** `name(reads)` of every call. */
const text = (model: { readonly graph: ObservedModel['graph'] }): string =>
  model.graph.nodes
    .filter((node) => node.op.startsWith('call_'))
    .map(
      (node) =>
        `${node.name}(${inputsOf(node)
          .filter((name) => !/_\d+$/.test(name) || /^(de)?quantize/.test(name))
          .join(', ')})`,
    )
    .join('; ')
    .replaceAll('quantize_per_tensor', 'q')
    .replaceAll('dequantize', 'd');

const GRAPHS: Record<string, readonly [Build, string]> = {
  'a convolution: dequantize, float op, quantize': [conv, 'q(x); d(q); conv(d); q_1(conv); d_1(q_1)'],
  'a convolution with its ReLU': [
    (g) => g.call('relu', `${F}.relu`, conv(g)),
    'q(x); d(q); conv(d); q_1(conv); d_1(q_1)',
  ],
  'a maximum stays on quantized data': [
    (g) => g.call('pool', `${F}.max_pool1d`, conv(g), 2),
    'q(x); d(q); conv(d); q_1(conv); pool(q_1); d_1(pool)',
  ],
  'a mean is quantized again': [
    (g) => g.call('pool', `${F}.avg_pool1d`, conv(g), 2),
    'q(x); d(q); conv(d); q_1(conv); d_1(q_1); pool(d_1); q_2(pool); d_2(q_2)',
  ],
  'cat stays on quantized data': [
    (g) => g.call('cat', 'torch.cat', [to('x'), to(conv(g))], 1),
    'q(x); d(q); conv(d); q_1(conv); cat(q, q_1); d_1(cat)',
  ],
  'a float op after a convolution': [
    (g) => g.call('gelu', `${F}.gelu`, conv(g)),
    'q(x); d(q); conv(d); q_1(conv); d_1(q_1); gelu(d_1)',
  ],
};

beforeAll(() => openTestDevice('cpu'));

describe('convert', () => {
  it.each(Object.entries(GRAPHS))('%s', (_, [build, expected]) => {
    expect(text(converted(build))).toBe(expected);
  });

  it.each(['default', 'per-channel'] as const)('puts a convolution’s weight on the %s grid', (preset) => {
    const qconfig = QCONFIG_PRESETS[preset];
    const { params } = converted(conv, qconfig);
    const weight = Object.entries(params).find(([name]) => name === 'conv.weight')?.[1];
    const { values, qparams } = quantizeWeight(seeded(1, 2, 2, 3), qconfig.weight);
    expect(asFloat(weight, 'conv.weight').data).toEqual(values.data);
    expect(qparams).toHaveLength(preset === 'default' ? 1 : 2);
  });

  it('computes a convolution between two grids', async () => {
    const x = seeded(3, 1, 2, 4);
    const executor = new Executor(converted(conv));
    const [y] = executor.run(batchOf({ x }));
    const actual = Array.from((await y?.data()) ?? []);
    y?.dispose();
    executor.dispose();
    // The observers’ grid: 127 steps over −1 … 1 with 0 on it; quint8 goes on to 255.
    const scale = Math.fround(2 / 127);
    const onGrid = (v: number) => (Math.min(255, Math.max(0, Math.round(v / scale) + 64)) - 64) * scale;
    const { values } = quantizeWeight(seeded(1, 2, 2, 3), QCONFIG_PRESETS.default.weight);
    const rounded = floatTensor(x.shape, x.data.map(onGrid));
    const exact = await run({ x: rounded }, (g) =>
      g.call('y', 'torch.conv1d', 'x', g.constant('w', values), g.constant('b', seeded(2, 2)), 1, 1),
    );
    actual.forEach((v, i) => {
      expect(Math.abs(v - onGrid(exact.values[i] ?? 0))).toBeLessThan(1e-5);
    });
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { TestModel } from '../exec/testModel';
import { bytesSource, joinedParts } from '../formats/byteSource';
import { decodeModel } from '../formats/onnx/file/modelProto';
import { writeQuantizedOnnx } from '../formats/onnx/quantized/writeQuantized';
import { runOnnxOn } from '../formats/onnx/testRuntime';
import { runStudio } from '../formats/onnx/testStudioRun';
import { ONNX_TRANSFORMERS, transformer } from '../formats/onnx/testTransformers';
import { nodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { ref } from '../graph/node';
import { floatTensor, sizeOf, type Tensor } from '../graph/tensor';
import { DEFAULT_SETTINGS, type Settings } from './settings';
import { Studio } from './studio';
import { normal, quietJob, runPipeline, testBatch } from './testRun';
import { BACKEND, openDigits } from './testStudio';
import { TRAPS } from './testTraps';

beforeAll(() => openTestDevice('wasm'));

const QCONFIGS = ['default', 'fbgemm', 'qnnpack', 'per-channel'] as const;
const OFF = { graphOptimizationLevel: 'disabled' } as const;
type Inputs = Parameters<typeof runStudio>[1];

/** SQNR in dB of a file in ONNX Runtime, graph optimizations off, against the studio's int8 simulation. */
async function decibels(bytes: Uint8Array, simulated: Model, inputs: Inputs): Promise<number> {
  const [expected, actual] = [
    await runStudio(simulated, inputs),
    await runOnnxOn(bytes, Object.values(inputs), OFF),
  ];
  expect(actual.map(({ dims }) => dims)).toEqual(expected.map(({ dims }) => dims));
  let [signal, noise] = [0, 0];
  expected.forEach(({ data }, i) => {
    data.forEach((value, k) => {
      signal += value ** 2;
      noise += (value - (actual[i]?.data[k] ?? Number.NaN)) ** 2;
    });
  });
  return noise === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
}

/** NumPy's file of a float32 array. */
function npySource({ shape, data }: Tensor) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = `${text.padEnd(117)}\n`;
  const bytes = new Uint8Array(128 + data.byteLength);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, 118, 0]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 128);
  return bytesSource(bytes, 'x.npy');
}

const opsOf = async (bytes: Uint8Array) =>
  (await decodeModel(bytesSource(bytes, 'q.onnx'))).graph.node.map(({ opType }) => opType);

const random = (shape: readonly number[], seed: number, scale = 0.3) => {
  const next = normal(seed);
  return floatTensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => next() * scale),
  );
};

const conv = (from: number, to: number, kernel: number, groups = 1) => ({
  type: 'torch.nn.Conv2d',
  attrs: {
    in_channels: from,
    out_channels: to,
    kernel_size: [kernel, kernel],
    stride: [1, 1],
    padding: [(kernel - 1) / 2, (kernel - 1) / 2],
    dilation: [1, 1],
    groups,
    bias: true,
    padding_mode: 'zeros',
  },
  tensors: { weight: random([to, from / groups, kernel, kernel], to + kernel), bias: random([to], to) },
});

/** Convolutions with a maximum, a residual, a depthwise one, a concat and a functional layer; averages where wanted. */
function network(averages: boolean): Model {
  const g = new TestModel();
  const F = 'torch.nn.functional';
  const x = g.input('x');
  const first = g.call('relu', `${F}.relu`, g.module('first', x, conv(3, 8, 3)));
  const pooled = g.module('pool', first, {
    type: 'torch.nn.MaxPool2d',
    attrs: { kernel_size: 2, stride: 2, padding: 0, dilation: 1, return_indices: false, ceil_mode: false },
  });
  const wide = g.call('relu6', `${F}.relu6`, g.module('depthwise', pooled, conv(8, 8, 3, 8)));
  const sum = g.call('add', 'operator.add', g.module('point', wide, conv(8, 8, 1)), pooled);
  const relu = g.call('relu_1', 'torch.relu', sum);
  const mean = averages
    ? g.call('avg_pool2d', `${F}.avg_pool2d`, relu, 2)
    : g.call('max_pool2d', `${F}.max_pool2d`, relu, 2);
  const both = g.call('cat', 'torch.cat', [ref(nodeName(mean)), ref(nodeName(mean))], 1);
  const whole = averages
    ? g.module('whole', both, { type: 'torch.nn.AdaptiveAvgPool2d', attrs: { output_size: 1 } })
    : g.call('whole', `${F}.max_pool2d`, both, 2);
  const flat = g.call('flatten', 'torch.flatten', whole, 1);
  const linear = g.call(
    'linear',
    `${F}.linear`,
    flat,
    g.constant('w', random([5, 16], 3)),
    g.constant('b', random([5], 4)),
  );
  return g.build(g.module('sigmoid', linear, { type: 'torch.nn.Sigmoid' }));
}

describe('a convolutional network in QDQ form, graph optimizations off', () => {
  it.each(
    QCONFIGS.flatMap((qconfig) =>
      (['exact', 'pytorch'] as const).map((semantics) => [qconfig, semantics] as const),
    ),
  )('%s, %s: at least 40 dB of the int8 simulation', async (qconfig, semantics) => {
    // PyTorch's averages of an even number are rounded by the noise of their sums, which no other runtime repeats.
    // PyTorch's equalization takes no depthwise convolution.
    const equalization: Settings['equalization'] = { global: true, byName: { depthwise: false }, byType: {} };
    const batch = testBatch(16, [3, 8, 8]);
    const run = await runPipeline(network(semantics === 'exact'), [batch], {
      qconfig,
      semantics,
      equalization,
    });
    const { model } = run.convert.forms.reference;
    const bytes = writeQuantizedOnnx(model);
    expect(await decibels(bytes, model, batch.inputs)).toBeGreaterThanOrEqual(40);
    expect(await opsOf(bytes)).toEqual(
      expect.arrayContaining(['QuantizeLinear', 'DequantizeLinear', 'Conv']),
    );
  });
});

describe('an average of an even number with the mul of an equalization behind it', () => {
  it('is taken of the integers all the same: halves go where the int8 simulation has them', async () => {
    const g = new TestModel();
    // A SiLU lets no scale through; a sigmoid neither, but its grid is a power of two, on which sums are exact.
    const gate = g.module('silu', g.module('first', g.input('x'), conv(3, 8, 3)), {
      type: 'torch.nn.SiLU',
    });
    const mean = g.call('avg_pool2d', 'torch.nn.functional.avg_pool2d', gate, [3, 2]);
    const second = g.module('second', mean, conv(8, 8, 1));
    const model = g.build(g.call('cat', 'torch.cat', [ref(nodeName(mean)), ref(nodeName(second))], 1));
    const batch = testBatch(16, [3, 9, 8]);
    const { model: int8 } = (await runPipeline(model, [batch])).convert.forms.reference;
    expect(int8.graph.nodes.some(({ name }) => name === 'avg_pool2d_equalization_scale0')).toBe(true);
    const bytes = writeQuantizedOnnx(int8);
    expect(await decibels(bytes, int8, batch.inputs)).toBeGreaterThanOrEqual(100);
  });
});

describe('a transposed convolution', () => {
  it.each(QCONFIGS)('%s: has its weight as integers too', async (qconfig) => {
    const g = new TestModel();
    const up = g.module('up', g.module('first', g.input('x'), conv(3, 8, 3)), {
      type: 'torch.nn.ConvTranspose2d',
      attrs: {
        in_channels: 8,
        out_channels: 4,
        kernel_size: [2, 2],
        stride: [2, 2],
        padding: [0, 0],
        output_padding: [0, 0],
        dilation: [1, 1],
        groups: 1,
        bias: true,
        padding_mode: 'zeros',
      },
      tensors: { weight: random([8, 4, 2, 2], 9), bias: random([4], 10) },
    });
    const batch = testBatch(16, [3, 8, 8]);
    const { model: int8 } = (await runPipeline(g.build(up), [batch], { qconfig })).convert.forms.reference;
    const bytes = writeQuantizedOnnx(int8);
    expect(await decibels(bytes, int8, batch.inputs)).toBeGreaterThanOrEqual(40);
    expect((await opsOf(bytes)).filter((op) => op === 'DequantizeLinear').length).toBeGreaterThanOrEqual(5);
  });
});

describe('what PyTorch’s pass gets wrong', () => {
  it.each(Object.keys(TRAPS))('%s: at least 40 dB, with the muls of equalization', async (name) => {
    const trap = TRAPS[name];
    const g = new TestModel();
    g.input('x');
    const outputs = trap?.graph(g) ?? [];
    const model = g.build(...(typeof outputs === 'string' ? [outputs] : outputs));
    const batch = testBatch(32, [6]);
    const { model: int8 } = (await runPipeline(model, [batch])).convert.forms.reference;
    expect(await decibels(writeQuantizedOnnx(int8), int8, batch.inputs)).toBeGreaterThanOrEqual(40);
  });
});

describe('a mul behind a quantized layer', () => {
  it('is in the layer’s weight scales: the file has none, and the same integers', async () => {
    const g = new TestModel();
    const a = g.call(
      'relu',
      'torch.relu',
      g.linear(
        'a',
        g.input('x'),
        [
          [1, -2],
          [0.5, 3],
        ],
        [0.1, -0.2],
      ),
    );
    // The residual is read twice, so that the second layer's scale cannot fold into the first one's rows.
    const model = g.build(
      g.linear(
        'b',
        a,
        [
          [4, 0.1],
          [0.2, 0.3],
        ],
        [1, 2],
      ),
      a,
    );
    const batch = testBatch(32, [2]);
    const { model: int8 } = (await runPipeline(model, [batch])).convert.forms.reference;
    const bytes = writeQuantizedOnnx(int8);
    expect(await decibels(bytes, int8, batch.inputs)).toBeGreaterThanOrEqual(40);
  });
});

describe('a model from ONNX', () => {
  it.each(ONNX_TRANSFORMERS)('%s keeps names, types and shapes of inputs and outputs', async (name) => {
    const { source, x } = transformer(name);
    const studio = new Studio(BACKEND);
    await studio.openModel([source]);
    const { graph: original } = await decodeModel(source);
    const inputName = original.input[0]?.name ?? '';
    await studio.openCalibration([npySource(x)]);
    await studio.run('convert', DEFAULT_SETTINGS, quietJob);
    const file = await studio.exportFile('quantized', 'convert');
    expect(file.name).toMatch(/-int8\.onnx$/);
    const bytes = await joinedParts(file.parts);
    const { graph, opset } = await decodeModel(bytesSource(bytes, file.name));
    expect(opset).toBeGreaterThanOrEqual(13);
    expect(graph.input).toEqual(original.input.filter((input) => input.name === inputName));
    expect(graph.output).toEqual(original.output);
    expect(await runOnnxOn(bytes, [x], OFF)).toHaveLength(original.output.length);
  });
});

describe('the export of the studio', () => {
  it('has weights as int8, per tensor or by row, and no float copy of them', async () => {
    for (const [qconfig, rows] of [
      ['default', []],
      ['per-channel', [32n]],
    ] as const) {
      const studio = await openDigits();
      await studio.run('convert', { ...DEFAULT_SETTINGS, qconfig }, quietJob);
      const { parts, name } = await studio.exportFile('quantized', 'convert');
      const { graph } = await decodeModel(bytesSource(await joinedParts(parts), name));
      const tensor = (wanted: string) => graph.initializer.find((t) => t.name === wanted);
      expect(tensor('linear2.weight_quantized')?.dataType).toBe(3);
      expect(tensor('linear2.weight_scale')?.dims).toHaveLength(rows.length);
      expect(tensor('linear2.weight')).toBeUndefined();
    }
  });

  it('is refused before Convert has run', async () => {
    await expect((await openDigits()).exportFile('quantized', 'load')).rejects.toThrow(
      "'convert' has not been run",
    );
  });
});

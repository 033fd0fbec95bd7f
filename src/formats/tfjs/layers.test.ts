import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../exec/testDevice';
import { layers as k, readSaved, relativeError, saved, scatterWeights } from './testKeras';

beforeAll(() => openTestDevice('cpu'));

type Layer = k.layers.Layer;
const { layers } = k;

/** A chain behind one input of that shape; every weight is drawn anew. */
function chain(shape: readonly number[], ...parts: readonly Layer[]): k.LayersModel {
  const input = k.input({ shape: [...shape] });
  const output = parts.reduce<k.SymbolicTensor>((value, layer) => {
    const next = layer.apply(value);
    if (Array.isArray(next) || next instanceof tf.Tensor) throw new Error('one symbolic output was expected');
    return next;
  }, input);
  const model = k.model({ inputs: input, outputs: output });
  scatterWeights(model);
  return model;
}

const sample = (shape: readonly number[]): tf.Tensor => tf.randomNormal([3, ...shape], 0, 1, 'float32', 7);

const IMAGE = [7, 6, 3];
const SEQUENCE = [9, 4];
const VOLUME = [4, 5, 4, 2];

const CASES: Readonly<Record<string, readonly [readonly number[], () => readonly Layer[]]>> = {
  'Dense with an activation': [
    [5],
    () => [layers.dense({ units: 4, activation: 'tanh' }), layers.dense({ units: 2, useBias: false })],
  ],
  'Dense over a sequence': [SEQUENCE, () => [layers.dense({ units: 5 })]],
  'Dense behind a convolution': [
    IMAGE,
    () => [layers.conv2d({ filters: 4, kernelSize: 3 }), layers.dense({ units: 5 })],
  ],
  Conv1D: [SEQUENCE, () => [layers.conv1d({ filters: 5, kernelSize: 3, activation: 'relu' })]],
  'Conv1D, same, dilated': [
    SEQUENCE,
    () => [layers.conv1d({ filters: 5, kernelSize: 3, padding: 'same', dilationRate: 2 })],
  ],
  Conv2D: [IMAGE, () => [layers.conv2d({ filters: 5, kernelSize: [3, 2], activation: 'elu' })]],
  'Conv2D, same': [IMAGE, () => [layers.conv2d({ filters: 5, kernelSize: 3, padding: 'same' })]],
  'Conv2D, same, stride 2': [
    IMAGE,
    () => [layers.conv2d({ filters: 5, kernelSize: 3, padding: 'same', strides: 2 })],
  ],
  'Conv2D, same, even kernel': [IMAGE, () => [layers.conv2d({ filters: 5, kernelSize: 2, padding: 'same' })]],
  Conv3D: [VOLUME, () => [layers.conv3d({ filters: 3, kernelSize: 2, padding: 'same', activation: 'relu' })]],
  DepthwiseConv2D: [
    IMAGE,
    () => [layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same', strides: 2 })],
  ],
  SeparableConv2D: [
    IMAGE,
    () => [layers.separableConv2d({ filters: 5, kernelSize: 3, depthMultiplier: 2, activation: 'relu' })],
  ],
  Conv2DTranspose: [IMAGE, () => [layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2 })]],
  'Conv2DTranspose, same, stride 2': [
    IMAGE,
    () => [layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' })],
  ],
  'Conv2DTranspose, same, even kernel': [
    IMAGE,
    () => [layers.conv2dTranspose({ filters: 4, kernelSize: 4, strides: 2, padding: 'same' })],
  ],
  'BatchNormalization of an image': [IMAGE, () => [layers.batchNormalization({ epsilon: 0.01 })]],
  'BatchNormalization without scale': [[5], () => [layers.batchNormalization({ scale: false })]],
  LayerNormalization: [SEQUENCE, () => [layers.layerNormalization({})]],
  ReLU: [[5], () => [layers.reLU({ maxValue: 0.7 })]],
  'ReLU up to 6': [[5], () => [layers.dense({ units: 5 }), layers.reLU({ maxValue: 6 })]],
  LeakyReLU: [[5], () => [layers.leakyReLU({ alpha: 0.2 })]],
  'PReLU for every place': [IMAGE, () => [layers.conv2d({ filters: 2, kernelSize: 3 }), layers.prelu({})]],
  'PReLU per channel': [IMAGE, () => [layers.prelu({ sharedAxes: [1, 2] })]],
  ELU: [[5], () => [layers.elu({})]],
  'Softmax of an image': [
    IMAGE,
    () => [layers.conv2d({ filters: 4, kernelSize: 1 }), layers.softmax({ axis: -1 })],
  ],
  MaxPooling1D: [SEQUENCE, () => [layers.maxPooling1d({ poolSize: 2 })]],
  'MaxPooling2D, same': [IMAGE, () => [layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' })]],
  'MaxPooling2D, same, even': [
    IMAGE,
    () => [layers.maxPooling2d({ poolSize: 2, strides: 1, padding: 'same' })],
  ],
  MaxPooling3D: [VOLUME, () => [layers.maxPooling3d({ poolSize: 2, strides: 2, padding: 'same' })]],
  AveragePooling1D: [SEQUENCE, () => [layers.averagePooling1d({ poolSize: 3, strides: 2, padding: 'same' })]],
  'AveragePooling2D, same': [
    IMAGE,
    () => [layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })],
  ],
  GlobalAveragePooling1D: [SEQUENCE, () => [layers.globalAveragePooling1d({})]],
  GlobalAveragePooling2D: [IMAGE, () => [layers.globalAveragePooling2d({ dataFormat: 'channelsLast' })]],
  GlobalMaxPooling1D: [SEQUENCE, () => [layers.globalMaxPooling1d({})]],
  GlobalMaxPooling2D: [IMAGE, () => [layers.globalMaxPooling2d({ dataFormat: 'channelsLast' })]],
  'Flatten behind a convolution': [
    IMAGE,
    () => [layers.conv2d({ filters: 4, kernelSize: 3 }), layers.flatten(), layers.dense({ units: 3 })],
  ],
  Reshape: [
    IMAGE,
    () => [layers.conv2d({ filters: 4, kernelSize: 1 }), layers.reshape({ targetShape: [-1, 8] })],
  ],
  Permute: [SEQUENCE, () => [layers.permute({ dims: [2, 1] })]],
  RepeatVector: [[5], () => [layers.repeatVector({ n: 3 })]],
  Dropout: [
    [5],
    () => [layers.dropout({ rate: 0.5 }), layers.gaussianNoise({ stddev: 1 }), layers.dense({ units: 2 })],
  ],
  Cropping2D: [
    IMAGE,
    () => [
      layers.cropping2D({
        cropping: [
          [1, 2],
          [0, 1],
        ],
      }),
    ],
  ],
  ZeroPadding2D: [
    IMAGE,
    () => [
      layers.zeroPadding2d({
        padding: [
          [0, 1],
          [2, 1],
        ],
      }),
      layers.conv2d({ filters: 2, kernelSize: 3, strides: 2 }),
    ],
  ],
  UpSampling2D: [
    IMAGE,
    () => [layers.conv2d({ filters: 2, kernelSize: 3 }), layers.upSampling2d({ size: [2, 3] })],
  ],
  Rescaling: [[5], () => [layers.rescaling({ scale: 0.5, offset: -1 })]],
  Embedding: [[6], () => [layers.embedding({ inputDim: 10, outputDim: 4 })]],
};

describe('each layer gives what tfjs-layers gives', () => {
  it.each(Object.entries(CASES))('%s', async (name, [shape, make]) => {
    const input = name === 'Embedding' ? tf.randomUniform([3, ...shape], 0, 10, 'int32', 5) : sample(shape);
    expect(await relativeError(chain(shape, ...make()), [input])).toBeLessThan(1e-4);
  });

  const ACTIVATIONS = [
    'relu',
    'relu6',
    'sigmoid',
    'tanh',
    'softmax',
    'elu',
    'gelu',
    'swish',
    'hardSigmoid',
    'linear',
  ] as const;
  it.each(ACTIVATIONS)('activation %s', async (activation) => {
    expect(await relativeError(chain([6], layers.activation({ activation })), [sample([6])])).toBeLessThan(
      1e-4,
    );
  });
});

/** What layers join: two branches over one image. */
function branches(
  join: (a: k.SymbolicTensor, b: k.SymbolicTensor) => ReturnType<Layer['apply']>,
): k.LayersModel {
  const input = k.input({ shape: IMAGE, name: 'image' });
  const one = layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', name: 'block/conv' }).apply(input);
  if (Array.isArray(one) || one instanceof tf.Tensor) throw new Error('a symbolic tensor was expected');
  const output = join(one, input);
  if (Array.isArray(output) || output instanceof tf.Tensor) throw new Error('a symbolic tensor was expected');
  const model = k.model({ inputs: input, outputs: output });
  scatterWeights(model);
  return model;
}

describe('graphs', () => {
  it.each([
    ['add', () => layers.add()],
    ['multiply', () => layers.multiply()],
    ['average', () => layers.average()],
    ['maximum', () => layers.maximum()],
    ['minimum', () => layers.minimum()],
    ['concatenate', () => layers.concatenate({ axis: -1 })],
    ['concatenate along rows', () => layers.concatenate({ axis: 1 })],
  ] as const)('%s of two layouts', async (_, join) => {
    const model = branches((a, b) => join().apply([a, b]));
    expect(await relativeError(model, [sample(IMAGE)])).toBeLessThan(1e-4);
  });

  it('a chain of convolutions turns once on the way in and once on the way out', async () => {
    const conv = () => layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' });
    const model = chain(
      IMAGE,
      conv(),
      layers.batchNormalization({}),
      conv(),
      layers.maxPooling2d({}),
      conv(),
    );
    const { model: read } = await readSaved(await saved(model));
    expect(read.graph.nodes.filter((node) => node.target === 'torch.permute')).toHaveLength(2);
    expect(await relativeError(model, [sample(IMAGE)])).toBeLessThan(1e-4);
  });

  it('models inside a model, one of them called twice', async () => {
    const inner = k.sequential({
      name: 'inner',
      layers: [layers.dense({ units: 4, inputShape: [4], name: 'fc', activation: 'relu' })],
    });
    const input = k.input({ shape: [4] });
    const twice = inner.apply(inner.apply(input));
    const output = layers.dense({ units: 2, name: 'head' }).apply(twice);
    if (Array.isArray(output) || output instanceof tf.Tensor)
      throw new Error('a symbolic tensor was expected');
    const model = k.model({ inputs: input, outputs: output });
    scatterWeights(model);
    expect(await relativeError(model, [sample([4])])).toBeLessThan(1e-4);
    const { model: read } = await readSaved(await saved(model));
    expect(Object.keys(read.modules)).toEqual(['inner.fc', 'head']);
  });

  it('several inputs and outputs keep their order', async () => {
    const [a, b] = [k.input({ shape: [4], name: 'a' }), k.input({ shape: [4], name: 'b' })];
    const sum = layers.concatenate().apply([a, b]);
    const product = layers.multiply().apply([b, a]);
    if (
      Array.isArray(sum) ||
      sum instanceof tf.Tensor ||
      Array.isArray(product) ||
      product instanceof tf.Tensor
    )
      throw new Error('symbolic');
    const model = k.model({ inputs: [b, a], outputs: [product, sum] });
    expect(await relativeError(model, [sample([4]), tf.add(sample([4]), 1)])).toBeLessThan(1e-4);
  });
});

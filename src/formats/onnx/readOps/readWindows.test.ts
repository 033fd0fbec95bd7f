import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../../exec/testDevice';
import { nodeName } from '../../../graph/ids';
import { floatTensor, sizeOf } from '../../../graph/tensor';
import { bytesSource } from '../../byteSource';
import { readOnnx } from '../read';
import { floats, op, type TestGraph, testBytes, testSource, values } from '../testModel';
import { relativeError, runOnnxOn } from '../testRuntime';
import { runStudio } from '../testStudioRun';
import { writeOnnx } from '../write';

beforeAll(() => openTestDevice('cpu'));

/** A graph, the shape of its input as the file states it, and the one it is run on. */
interface Case {
  readonly nodes: TestGraph['nodes'];
  readonly tensors?: TestGraph['initializers'];
  readonly stated?: readonly (number | string)[];
  readonly shape: readonly number[];
  readonly opset?: number;
}

const graphOf = ({ nodes, tensors = [], stated, shape, opset = 17 }: Case): TestGraph => ({
  nodes,
  inputs: { x: stated ?? shape },
  outputs: ['y'],
  initializers: tensors,
  opset,
});

const ints = (...list: readonly number[]) => ({ ints: list });
const same = (mode: string) => ({ auto_pad: { s: `SAME_${mode}` } });
const w = floats('w', [6, 2, 3, 3]);
const image = [2, 4, 7, 9];
const OPEN = ['n', 4, 'height', 'width'];

const pool = (opType: string, attributes: Parameters<typeof op>[3], rest: Partial<Case> = {}): Case => ({
  nodes: [op(opType, 'x', 'y', attributes)],
  shape: [2, 3, 8, 11],
  ...rest,
});

const CASES: Readonly<Record<string, Case>> = {
  'groups, strides and uneven pads': {
    nodes: [op('Conv', 'x w b', 'y', { group: { i: 2 }, pads: ints(0, 2, 1, 1), strides: ints(2, 1) })],
    tensors: [w, floats('b', [6])],
    shape: image,
  },
  'SAME_UPPER of open sizes, stride 2': {
    nodes: [op('Conv', 'x w', 'y', { group: { i: 2 }, strides: ints(2, 2), ...same('UPPER') })],
    tensors: [w],
    stated: OPEN,
    shape: [1, 4, 8, 9],
  },
  'SAME_LOWER of known sizes': {
    nodes: [op('Conv', 'x w', 'y', { group: { i: 2 }, strides: ints(2, 1), ...same('LOWER') })],
    tensors: [w],
    shape: image,
  },
  'VALID, whatever the sizes': {
    nodes: [op('Conv', 'x w', 'y', { group: { i: 2 }, auto_pad: { s: 'VALID' } })],
    tensors: [w],
    stated: OPEN,
    shape: image,
  },
  'a bias in an Add behind': {
    nodes: [op('Conv', 'x w', 'h', { group: { i: 2 } }), op('Add', 'b h', 'y')],
    tensors: [w, floats('b', [1, 6, 1, 1])],
    shape: image,
  },
  'one value for all channels in an Add behind': {
    nodes: [op('Conv', 'x w', 'h', { group: { i: 2 } }), op('Add', 'h b', 'y')],
    tensors: [w, floats('b', [1])],
    shape: image,
  },
  'an Add along the width, which is no bias': {
    nodes: [op('Conv', 'x w', 'h', { group: { i: 2 } }), op('Add', 'h b', 'y')],
    tensors: [w, floats('b', [7])],
    shape: image,
  },
  'one dimension, depthwise': {
    nodes: [op('Conv', 'x w', 'y', { group: { i: 5 }, pads: ints(1, 1) })],
    tensors: [floats('w', [10, 1, 4])],
    shape: [2, 5, 9],
  },
  'three dimensions': {
    nodes: [op('Conv', 'x w', 'y', { strides: ints(1, 2, 1), pads: ints(1, 0, 1, 0, 0, 1) })],
    tensors: [floats('w', [3, 2, 2, 3, 2])],
    shape: [1, 2, 4, 5, 6],
  },
  'transposed: groups, dilation, uneven pads': {
    nodes: [
      op('ConvTranspose', 'x w b', 'y', {
        group: { i: 2 },
        strides: ints(2, 3),
        dilations: ints(2, 1),
        pads: ints(1, 0, 0, 2),
        output_padding: ints(1, 2),
      }),
    ],
    tensors: [floats('w', [4, 3, 3, 2]), floats('b', [6])],
    shape: image,
  },
  'transposed: SAME_UPPER, depthwise, open sizes': {
    nodes: [op('ConvTranspose', 'x w', 'y', { group: { i: 4 }, strides: ints(2, 2), ...same('UPPER') })],
    tensors: [floats('w', [4, 1, 3, 3])],
    stated: OPEN,
    shape: image,
  },
  'transposed: output_shape': {
    nodes: [op('ConvTranspose', 'x w', 'y', { strides: ints(2, 2), output_shape: ints(13, 18) })],
    tensors: [floats('w', [4, 2, 3, 3])],
    shape: image,
  },
  'transposed: more cut off than the kernel reaches, one dimension': {
    nodes: [op('ConvTranspose', 'x w', 'y', { strides: ints(3), pads: ints(4, 2) })],
    tensors: [floats('w', [3, 2, 2])],
    shape: [2, 3, 6],
  },
  'transposed: three dimensions': {
    nodes: [op('ConvTranspose', 'x w', 'y', { strides: ints(2, 1, 2), pads: ints(1, 0, 0, 1, 0, 0) })],
    tensors: [floats('w', [2, 3, 2, 3, 2])],
    shape: [1, 2, 3, 4, 3],
  },
  'BatchNormalization of opset 7': {
    nodes: [op('BatchNormalization', 'x s b m v', 'y', { epsilon: { f: 0.01 }, spatial: { i: 1 } })],
    tensors: [
      ...['s', 'b', 'm'].map((name, i) => floats(name, [4], i + 3)),
      // A variance is no smaller than 0.
      { ...floats('v', [4]), rawData: new Uint8Array(Float32Array.of(0.5, 1, 2, 0.1).buffer) },
    ],
    shape: image,
    opset: 7,
  },
  InstanceNormalization: {
    nodes: [op('InstanceNormalization', 'x s b', 'y', { epsilon: { f: 0.01 } })],
    tensors: [floats('s', [4], 2), floats('b', [4], 5)],
    stated: OPEN,
    shape: image,
  },
  'GroupNormalization of opset 21': {
    nodes: [op('GroupNormalization', 'x s b', 'y', { num_groups: { i: 2 } })],
    tensors: [floats('s', [4], 2), floats('b', [4], 5)],
    shape: image,
    opset: 21,
  },
  'LayerNormalization with its statistics': {
    nodes: [op('LayerNormalization', 'x s b', 'z m i'), op('Mul', 'm i', 'mi'), op('Add', 'z mi', 'y')],
    tensors: [floats('s', [9], 2), floats('b', [9], 5)],
    shape: image,
  },
  'MaxPool: uneven pads, dilated': pool('MaxPool', {
    kernel_shape: ints(3, 2),
    strides: ints(2, 2),
    dilations: ints(1, 2),
    pads: ints(0, 1, 2, 0),
  }),
  'MaxPool: ceil_mode': pool('MaxPool', {
    kernel_shape: ints(3, 3),
    strides: ints(2, 2),
    ceil_mode: { i: 1 },
  }),
  'MaxPool: SAME_UPPER of open sizes': pool(
    'MaxPool',
    { kernel_shape: ints(3, 3), strides: ints(2, 2), ...same('UPPER') },
    { stated: ['n', 3, 'h', 'w'] },
  ),
  'AveragePool: uneven pads that do not count': pool('AveragePool', {
    kernel_shape: ints(3, 3),
    strides: ints(2, 1),
    pads: ints(1, 0, 0, 2),
  }),
  'AveragePool: uneven pads that count': pool('AveragePool', {
    kernel_shape: ints(3, 3),
    strides: ints(2, 1),
    pads: ints(1, 0, 0, 2),
    count_include_pad: { i: 1 },
  }),
  'AveragePool: SAME_LOWER of open sizes': pool(
    'AveragePool',
    { kernel_shape: ints(2, 3), strides: ints(2, 2), ...same('LOWER') },
    { stated: ['n', 3, 'h', 'w'] },
  ),
  GlobalAveragePool: pool('GlobalAveragePool', {}, { stated: ['n', 3, 'h', 'w'] }),
  GlobalMaxPool: pool('GlobalMaxPool', {}, { shape: [2, 3, 5] }),
  LRN: pool('LRN', { size: { i: 5 }, alpha: { f: 0.3 }, bias: { f: 2 } }, { shape: [2, 6, 3, 4] }),
};

describe('ONNX Runtime computes the same', () => {
  it.each(Object.entries(CASES))('%s', async (_, given) => {
    const graph = graphOf(given);
    const x = floatTensor(given.shape, values(sizeOf(given.shape), 5));
    const expected = await runOnnxOn(testBytes(graph), [x]);
    const { model } = await readOnnx(testSource(graph));
    expect(relativeError(expected, await runStudio(model, { x }))).toBeLessThan(1e-5);
    // Written anew, sizes and all that was taken in included.
    const fixed = { ...model, inputShapes: { [nodeName('x')]: given.shape } };
    expect(relativeError(expected, await runOnnxOn(writeOnnx(fixed), [x]))).toBeLessThan(1e-5);
  });

  it('AveragePool of opset 19 has dilation, which opset 17 and PyTorch have not', async () => {
    const graph = graphOf(
      pool(
        'AveragePool',
        { kernel_shape: ints(2, 3), dilations: ints(2, 2), pads: ints(1, 0, 0, 1) },
        { opset: 19 },
      ),
    );
    const x = floatTensor([2, 3, 8, 11], values(528, 5));
    const { model } = await readOnnx(testSource(graph));
    const expected = await runOnnxOn(testBytes(graph), [x]);
    expect(relativeError(expected, await runStudio(model, { x }))).toBeLessThan(1e-5);
    expect(() => writeOnnx(model)).toThrow('has dilation [2, 2]');
  });
});

describe('refused by name', () => {
  const norm = (attributes: Parameters<typeof op>[3], opset: number): Case => ({
    nodes: [op('BatchNormalization', 'x s b m v', 'y', attributes)],
    tensors: ['s', 'b', 'm', 'v'].map((name) => floats(name, [4])),
    shape: image,
    opset,
  });
  it.each<[string, Case, string]>([
    [
      'a computed weight',
      { nodes: [op('Conv', 'x x', 'y')], shape: image },
      "node 'y' (Conv) takes 'x' for its weight, which is no float constant",
    ],
    ['training', norm({ training_mode: { i: 1 } }, 15), 'is in training mode'],
    ['spatial = 0', norm({ spatial: { i: 0 } }, 7), 'has spatial = 0'],
    [
      'four dimensions',
      {
        nodes: [op('Conv', 'x w', 'y')],
        tensors: [floats('w', [1, 1, 1, 1, 1, 1])],
        shape: [1, 1, 2, 2, 2, 2],
      },
      'works on 4 axes behind the channels',
    ],
    [
      'places of maxima',
      {
        nodes: [
          op('MaxPool', 'x', 'y i', { kernel_shape: ints(2, 2) }),
          op('Cast', 'i', 'f', { to: { i: 1 } }),
        ],
        shape: image,
      },
      "has an output 'i' with the places of the maxima",
    ],
    [
      'output_shape of open sizes',
      {
        nodes: [op('ConvTranspose', 'x w', 'y', { output_shape: ints(9, 9) })],
        tensors: [floats('w', [4, 2, 3, 3])],
        stated: OPEN,
        shape: image,
      },
      'the size of axis 2 of its input is open',
    ],
  ])('%s', async (_, given, message) => {
    await expect(readOnnx(bytesSource(testBytes(graphOf(given)), 'a.onnx'))).rejects.toThrow(message);
  });
});

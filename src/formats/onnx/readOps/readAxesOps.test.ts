import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../../../exec/testDevice';
import type { Shape } from '../../../graph/shape';
import { floatTensor, sizeOf } from '../../../graph/tensor';
import { bytesSource } from '../../byteSource';
import { ELEMENT } from '../file/elementTypes';
import { tensorProto } from '../file/tensorWrite';
import type { NodeProto, TensorProto } from '../gen/onnx_pb';
import { readOnnx } from '../read';
import { constantNode, floats, int64s, op, testBytes, values } from '../testModel';
import { relativeError, runOnnxOn } from '../testRuntime';
import { runStudio } from '../testStudioRun';
import { writeOnnx } from '../write';

beforeAll(() => openTestDevice('cpu'));

interface Case {
  readonly nodes: readonly NodeProto[];
  readonly initializers?: readonly TensorProto[];
  readonly opset?: number;
  readonly outputs?: readonly string[];
  /** Of `x` in the file; the data has 2 for an open dimension. */
  readonly shape?: Shape;
}
const bytesOf = ({ nodes, initializers = [], opset = 17, outputs = ['y'], shape = ['n', 3, 4] }: Case) =>
  testBytes({ nodes, initializers, opset, outputs, inputs: { x: shape } });
const dims = (...values: number[]) => int64s('dims', values);
const named = (name: string, ...values: number[]) => int64s(name, values);
const scalar = (name: string, value: number): TensorProto => ({ ...int64s(name, [value]), dims: [] });

/** Over `x` of `[2, 3, 4]`. */
const CASES: Record<string, Case> = {
  'Transpose of two axes': { nodes: [op('Transpose', 'x', 'y', { perm: { ints: [0, 2, 1] } })] },
  'Transpose of three axes': { nodes: [op('Transpose', 'x', 'y', { perm: { ints: [1, 2, 0] } })] },
  'Transpose that turns all axes round': { nodes: [op('Transpose', 'x', 'y')] },
  'Transpose that moves nothing': { nodes: [op('Transpose', 'x', 'y', { perm: { ints: [0, 1, 2] } })] },
  Concat: { nodes: [op('Relu', 'x', 'r'), op('Concat', 'x r', 'y', { axis: { i: -1 } })] },
  'Concat with a constant': {
    nodes: [op('Concat', 'x c', 'y', { axis: { i: 1 } })],
    initializers: [floats('c', [2, 1, 4])],
    shape: [2, 3, 4],
  },
  'Unsqueeze of two axes': { nodes: [op('Unsqueeze', 'x dims', 'y')], initializers: [dims(3, 0)] },
  'Unsqueeze from the end': { nodes: [op('Unsqueeze', 'x dims', 'y')], initializers: [dims(-1, 1)] },
  'Unsqueeze of opset 11': { nodes: [op('Unsqueeze', 'x', 'y', { axes: { ints: [1] } })], opset: 11 },
  Squeeze: { nodes: [op('Squeeze', 'x dims', 'y')], initializers: [dims(0, 2)], shape: [1, 3, 1] },
  'Squeeze of all': { nodes: [op('Squeeze', 'x', 'y')], shape: [1, 3, 1] },
  'Gather of one entry': {
    nodes: [op('Gather', 'x at', 'y', { axis: { i: 1 } })],
    initializers: [scalar('at', 2)],
  },
  'Gather of the last entry': {
    nodes: [op('Gather', 'x at', 'y', { axis: { i: -1 } })],
    initializers: [scalar('at', -1)],
  },
  'LayerNormalization with its mean': {
    nodes: [op('LayerNormalization', 'x w', 'y m')],
    initializers: [floats('w', [4])],
    outputs: ['y', 'm'],
  },
  'Slice backwards': {
    nodes: [op('Slice', 'x from to dims by', 'y')],
    initializers: [named('from', -1, 2), named('to', -9, 0), dims(1, 2), named('by', -1, -2)],
  },
  'Slice to an open size': {
    nodes: [
      op('Shape', 'x', 's'),
      op('Gather', 's zero', 'n', { axis: { i: 0 } }),
      op('Slice', 'x zero n dims', 'y'),
    ],
    initializers: [named('zero', 0), dims(2)],
  },
  'Gather of scattered entries': {
    nodes: [op('Gather', 'x at', 'y', { axis: { i: 1 } })],
    initializers: [named('at', 2, 0, -1)],
  },
  'Gather of a matrix of entries': {
    nodes: [op('Gather', 'x at', 'y', { axis: { i: 2 } })],
    initializers: [{ ...named('at', 3, 0, -1, 1), dims: [2n, 2n] }],
  },
  'Gather of the last entry of an open axis': {
    nodes: [
      op('Shape', 'x', 's'),
      op('Gather', 's zero', 'n', { axis: { i: 0 } }),
      op('Sub', 'n one', 'last'),
      op('Gather', 'x last', 'y', { axis: { i: 0 } }),
    ],
    initializers: [scalar('zero', 0), scalar('one', 1)],
  },
  'Split into equal parts of an open axis': {
    nodes: [op('Split', 'x', 'y z', { axis: { i: 0 } })],
    outputs: ['y', 'z'],
  },
  'Expand of an open size': {
    nodes: [
      op('Shape', 'x', 's'),
      op('Gather', 's zero', 'n', { axis: { i: 0 } }),
      op('Concat', 'n dims', 't', { axis: { i: 0 } }),
      op('Expand', 'c t', 'e'),
      op('Add', 'x e', 'y'),
    ],
    initializers: [named('zero', 0), dims(1, 4), floats('c', [1, 3, 1])],
  },
  Tile: { nodes: [op('Tile', 'x dims', 'y')], initializers: [dims(2, 1, 3)] },
  GatherElements: {
    nodes: [op('GatherElements', 'x at', 'y', { axis: { i: 1 } })],
    initializers: [{ ...named('at', 0, -1, 2, 1), dims: [2n, 1n, 2n] }],
  },
  Pad: {
    nodes: [op('Pad', 'x dims c', 'y')],
    initializers: [dims(0, 1, 2, 0, 0, -1), { ...floats('c', [1]), dims: [] }],
  },
  'Pad, reflected': {
    nodes: [op('Pad', 'x dims', 'y', { mode: { s: 'reflect' } })],
    initializers: [dims(0, 1, 2, 0, 2, 3)],
  },
  'Pad with the edge': {
    nodes: [op('Pad', 'x dims', 'y', { mode: { s: 'edge' } })],
    initializers: [dims(1, 0, 5, 0, 2, 3)],
  },
  'Pad of opset 10': {
    nodes: [op('Pad', 'x', 'y', { pads: { ints: [0, 0, 1, 0, 2, 0] }, value: { f: 0.5 } })],
    opset: 10,
  },
  Trilu: { nodes: [op('Trilu', 'x at', 'y', { upper: { i: 0 } })], initializers: [scalar('at', 1)] },
  DepthToSpace: { nodes: [op('DepthToSpace', 'x', 'y', { blocksize: { i: 2 } })], shape: [2, 8, 2, 3] },
  'DepthToSpace of PyTorch': {
    nodes: [op('DepthToSpace', 'x', 'y', { blocksize: { i: 2 }, mode: { s: 'CRD' } })],
    shape: [2, 8, 2, 3],
  },
  SpaceToDepth: { nodes: [op('SpaceToDepth', 'x', 'y', { blocksize: { i: 2 } })], shape: [2, 3, 4, 2] },
  Einsum: { nodes: [op('Einsum', 'x x', 'y', { equation: { s: 'bij,bkj->bik' } })] },
  'Einsum with an ellipsis': { nodes: [op('Einsum', 'x', 'y', { equation: { s: '...ij->...j' } })] },
  TopK: {
    nodes: [op('TopK', 'x dims', 'y -', { axis: { i: 1 }, largest: { i: 0 } })],
    initializers: [dims(2)],
  },
  'positions of an open length': {
    nodes: [
      op('Shape', 'x', 's'),
      op('Gather', 's zero', 'n', { axis: { i: 0 } }),
      op('Range', 'zero n one', 'r'),
      op('Cast', 'r', 'f', { to: { i: ELEMENT.FLOAT } }),
      op('Unsqueeze', 'f dims', 'u'),
      op('Add', 'x u', 'y'),
    ],
    initializers: [scalar('zero', 0), scalar('one', 1), dims(1, 2)],
  },
  'ConstantOfShape of open sizes': {
    nodes: [op('Shape', 'x', 's'), op('ConstantOfShape', 's', 'c'), op('Add', 'x c', 'y')],
  },
  'Reshape with two open dimensions': {
    nodes: [
      op('Shape', 'x', 's'),
      op('Gather', 's zero', 'a', { axis: { i: 0 } }),
      op('Gather', 's one', 'b', { axis: { i: 0 } }),
      op('Concat', 'b a dims', 't', { axis: { i: 0 } }),
      op('Reshape', 'x t', 'y'),
    ],
    initializers: [named('zero', 0), named('one', 1), dims(4)],
    shape: ['n', 't', 4],
  },
  'a size among data': {
    nodes: [
      op('Shape', 'x', 's'),
      op('Gather', 's zero', 'n', { axis: { i: 0 } }),
      op('Cast', 'n', 'f', { to: { i: 1 } }),
      op('Mul', 'x f', 'y'),
    ],
    initializers: [scalar('zero', 0)],
  },
  ...Object.fromEntries(
    ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'].flatMap(
      (coordinates): [string, Case][] =>
        ['nearest', 'linear'].map((mode) => [
          `Resize ${mode}, ${coordinates}`,
          {
            nodes: [
              op('Resize', 'x - scales', 'y', {
                mode: { s: mode },
                coordinate_transformation_mode: { s: coordinates },
                nearest_mode: { s: 'floor' },
              }),
            ],
            initializers: [tensorProto('scales', floatTensor([4], Float32Array.of(1, 1, 1.7, 0.6)))],
            shape: [1, 2, 4, 5],
          },
        ]),
    ),
  ),
  'Resize to sizes': {
    nodes: [op('Resize', 'x - - dims', 'y', { mode: { s: 'linear' } })],
    initializers: [dims(1, 2, 7, 3)],
    shape: [1, 2, 4, 5],
  },
  'Resize, cubic': {
    nodes: [op('Resize', 'x - - dims', 'y', { mode: { s: 'cubic' } })],
    initializers: [dims(1, 2, 7, 3)],
    shape: [1, 2, 4, 5],
  },
  'Upsample of opset 9': {
    nodes: [op('Upsample', 'x scales', 'y', { mode: { s: 'nearest' } })],
    initializers: [tensorProto('scales', floatTensor([4], Float32Array.of(1, 1, 2, 3)))],
    shape: [1, 2, 4, 5],
    opset: 9,
  },
  'Gather of entries in a row': {
    nodes: [op('Gather', 'x at', 'y', { axis: { i: 2 } })],
    initializers: [named('at', 1, 2)],
  },
  Slice: {
    nodes: [op('Slice', 'x from to dims by', 'y')],
    initializers: [named('from', 1, -2), named('to', 2 ** 31 - 1, -1), dims(2, 1), named('by', 2, 1)],
  },
  'Slice of the first axes': {
    nodes: [op('Slice', 'x from to', 'y')],
    initializers: [named('from', 0, 1), named('to', 1, 3)],
  },
  'Slice of opset 9': {
    nodes: [op('Slice', 'x', 'y', { starts: { ints: [1] }, ends: { ints: [3] }, axes: { ints: [1] } })],
    opset: 9,
  },
  'Split into stated sizes': {
    nodes: [op('Split', 'x dims', 'y z', { axis: { i: -1 } })],
    initializers: [dims(1, 3)],
    outputs: ['y', 'z'],
  },
  'Split into equal parts': {
    nodes: [op('Split', 'x', 'y z', { axis: { i: 2 } })],
    outputs: ['z', 'y'],
  },
  'Split of opset 11': {
    nodes: [op('Split', 'x', 'y z', { axis: { i: 1 }, split: { ints: [1, 2] } })],
    outputs: ['y', 'z'],
    opset: 11,
  },
  'ReduceMean of axes': { nodes: [op('ReduceMean', 'x', 'y', { axes: { ints: [-1, 1] } })] },
  'ReduceMean without its axis': {
    nodes: [op('ReduceMean', 'x', 'y', { axes: { ints: [1] }, keepdims: { i: 0 } })],
  },
  'ReduceMean of all': { nodes: [op('ReduceMean', 'x', 'y')] },
  'ReduceMean of opset 18': { nodes: [op('ReduceMean', 'x dims', 'y')], initializers: [dims(2)], opset: 18 },
  'ReduceMean of no axes': {
    nodes: [op('ReduceMean', 'x', 'y', { noop_with_empty_axes: { i: 1 } })],
    opset: 18,
  },
  'LayerNormalization of two axes': {
    nodes: [op('LayerNormalization', 'x w b', 'y', { axis: { i: 1 }, epsilon: { f: 0.1 } })],
    initializers: [floats('w', [3, 4], 2), floats('b', [3, 4], 3)],
  },
  'LayerNormalization without bias': {
    nodes: [op('LayerNormalization', 'x w', 'y')],
    initializers: [floats('w', [4])],
  },
  Pow: { nodes: power(3) },
  'Pow with a vector of one': { nodes: power(2, [1]) },
  'Sqrt and Reciprocal': { nodes: [...power(2, [], 's'), op('Sqrt', 's', 'r'), op('Reciprocal', 'r', 'y')] },
  Erf: { nodes: [op('Erf', 'x', 'y')] },
  Gelu: { nodes: [op('Gelu', 'x', 'y')], opset: 20 },
};

function power(exponent: number, shape: readonly number[] = [], output = 'y'): readonly NodeProto[] {
  const tensor = { ...floats('e', shape), rawData: new Uint8Array(Float32Array.of(exponent).buffer) };
  return [constantNode('e', tensor), op('Pow', 'x e', output)];
}

describe('ONNX Runtime computes the same', () => {
  it.each(Object.entries(CASES))('%s', async (_, test) => {
    const bytes = bytesOf(test);
    const shape = (test.shape ?? ['n', 3, 4]).map((dim) => (typeof dim === 'number' ? dim : 2));
    const x = floatTensor(shape, values(sizeOf(shape), 5));
    const { model } = await readOnnx(bytesSource(bytes, 'test.onnx'));
    expect(relativeError(await runOnnxOn(bytes, [x]), await runStudio(model, { x }))).toBeLessThan(1e-5);
  });

  it.each(Object.entries(CASES))('%s, as the studio writes it anew', async (_, test) => {
    const bytes = bytesOf(test);
    const shape = (test.shape ?? ['n', 3, 4]).map((dim) => (typeof dim === 'number' ? dim : 2));
    const x = floatTensor(shape, values(sizeOf(shape), 5));
    const { model } = await readOnnx(bytesSource(bytes, 'test.onnx'));
    const written = await runOnnxOn(writeOnnx(model), [x]);
    expect(relativeError(await runOnnxOn(bytes, [x]), written)).toBeLessThan(1e-5);
  });

  it('rows of a table by indices', async () => {
    const bytes = testBytes({
      nodes: [op('Cast', 'x', 'i', { to: { i: ELEMENT.INT64 } }), op('Gather', 't i', 'y')],
      initializers: [floats('t', [5, 3])],
      inputs: { x: ['n', 2] },
      outputs: ['y'],
    });
    const x = floatTensor([2, 2], Float32Array.of(4, 0, 2, 2));
    const { model } = await readOnnx(bytesSource(bytes, 'test.onnx'));
    expect(relativeError(await runOnnxOn(bytes, [x]), await runStudio(model, { x }))).toBe(0);
  });
});

const REFUSED: Record<string, readonly [Case, string]> = {
  'computed bounds': [
    { nodes: [op('Slice', 'x x x', 'y')] },
    "node 'y' (Slice) takes its starts from 'x', which is computed at run time; the studio reads constants and what is computed from the sizes of tensors.",
  ],
  'too few sizes': [
    { nodes: [op('Split', 'x dims', 'y z', { axis: { i: 1 } })], initializers: [dims(3)] },
    'has 2 outputs and 1 sizes; the numbers must be the same.',
  ],
  'an axis outside': [
    { nodes: [op('Split', 'x', 'y z', { axis: { i: 3 } })] },
    'has axis 3 for 3 axes; -3 to 2 are allowed.',
  ],
  'a computed scale': [
    { nodes: [op('LayerNormalization', 'x x', 'y')] },
    "takes 'x' for its scale or bias, which is no float constant; the studio reads constants.",
  ],
  'a scale of another shape': [
    { nodes: [op('LayerNormalization', 'x w', 'y', { axis: { i: 1 } })], initializers: [floats('w', [4])] },
    'normalizes 2 axes with tensors of shape [4]; the studio reads one entry for each normalized element.',
  ],
};

describe('what is not read is refused, with the node and the value', () => {
  it.each(Object.entries(REFUSED))('%s', async (_, [test, message]) => {
    await expect(readOnnx(bytesSource(bytesOf(test), 'test.onnx'))).rejects.toThrow(message);
  });
});

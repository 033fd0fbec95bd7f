import { describe, expect, it } from 'vitest';
import { printGraph } from '../../graph/print';
import type { Shape } from '../../graph/shape';
import { bytesSource } from '../byteSource';
import type { NodeProto, TensorProto } from './gen/onnx_pb';
import { readOnnx } from './read';
import { constantNode, floats, int64s, op, type TestGraph, testBytes } from './testModel';
import { relativeError, runOnnx } from './testRuntime';
import { writeOnnx } from './write';

/** Lines of the IR between inputs and output, without the counts of users. */
const callsOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line.includes('call_'))
    .map((line) => line.trim().replace(/ : \[#users=\d+\]/, ''));

/** Reads a model, writes it anew, and compares both in ONNX Runtime on one input. Returns the calls of the IR. */
async function roundTrip(graph: TestGraph, shapes: readonly (readonly number[])[]) {
  const bytes = testBytes(graph);
  const { model } = await readOnnx(bytesSource(bytes, 'test.onnx'));
  const expected = await runOnnx(bytes, shapes);
  const actual = await runOnnx(writeOnnx(model), shapes);
  expect(relativeError(expected, actual)).toBeLessThan(2e-6);
  return callsOf(printGraph(model.graph));
}

const single = (
  node: NodeProto,
  shape: Shape,
  initializers: readonly TensorProto[] = [],
  opset = 17,
): TestGraph => ({ nodes: [node], inputs: { x: shape }, outputs: ['y'], initializers, opset });

describe('Gemm', () => {
  const cases = [
    ['plain', {}, [4, 3], [3]],
    ['transB', { transB: { i: 1 } }, [3, 4], [3]],
    ['alpha and beta', { alpha: { f: 0.5 }, beta: { f: 2 } }, [4, 3], [3]],
    ['beta 0', { beta: { f: 0 } }, [4, 3], [3]],
    ['alpha 0', { alpha: { f: 0 } }, [4, 3], [3]],
    ['scalar C', {}, [4, 3], []],
    ['C of one row', {}, [4, 3], [1, 3]],
  ] as const;
  it.each(cases)('%s is one Linear', async (_, attributes, weight, bias) => {
    const graph = single(
      op('Gemm', 'x w c', 'y', attributes),
      [2, 4],
      [floats('w', weight), floats('c', bias)],
    );
    expect(await roundTrip(graph, [[2, 4]])).toEqual([
      '%linear = call_module[target=linear](args = (%x,), kwargs = {})',
    ]);
  });

  it('transA puts a transpose in front', async () => {
    const node = op('Gemm', 'x w c', 'y', { transA: { i: 1 } }, 'fc1');
    const calls = await roundTrip(single(node, [4, 2], [floats('w', [4, 3]), floats('c', [3])]), [[4, 2]]);
    expect(calls).toEqual([
      '%transpose = call_function[target=torch.transpose](args = (%x, -2, -1), kwargs = {})',
      '%fc1 = call_module[target=fc1](args = (%transpose,), kwargs = {})',
    ]);
  });

  it.each([[[2, 3]], [[2, 1]]])('adds a C of shape %s behind', async (c) => {
    const node = op('Gemm', 'x w c', 'y', { beta: { f: 3 } });
    const calls = await roundTrip(single(node, [2, 4], [floats('w', [4, 3]), floats('c', c)]), [[2, 4]]);
    expect(calls.at(-1)).toContain('torch.add](args = (%linear, %mul)');
  });

  it('of two computed matrices is torch.matmul', async () => {
    const attributes = { transA: { i: 1 }, transB: { i: 1 }, alpha: { f: 2 }, beta: { f: 0.5 } };
    const graph = {
      nodes: [op('Gemm', 'a b c', 'y', attributes)],
      inputs: { a: [4, 2], b: [3, 4], c: [3] },
      outputs: ['y'],
    };
    const calls = await roundTrip(graph, [[4, 2], [3, 4], [3]]);
    expect(calls.filter((line) => line.includes('torch.matmul'))).toHaveLength(1);
  });
});

describe('MatMul', () => {
  const matMulAdd = (w: readonly number[], b: readonly number[], shape: Shape, left = false): TestGraph => ({
    nodes: [op('MatMul', left ? 'w x' : 'x w', 'm'), op('Add', 'b m', 'y')],
    inputs: { x: shape },
    outputs: ['y'],
    initializers: [floats('w', w), floats('b', b)],
  });

  it.each([[[3]], [[1, 3]], [[1, 1, 3]], [[]]])('with an Add of shape %s is one Linear', async (bias) => {
    const calls = await roundTrip(matMulAdd([4, 3], bias, ['n', 5, 4]), [[2, 5, 4]]);
    expect(calls).toEqual(['%linear = call_module[target=linear](args = (%x,), kwargs = {})']);
  });

  it.each([[[5, 3]], [[2, 1, 1, 3]]])('keeps an Add of shape %s apart', async (bias) => {
    const calls = await roundTrip(matMulAdd([4, 3], bias, ['n', 5, 4]), [[1, 5, 4]]);
    expect(calls.at(-1)).toContain('torch.add');
  });

  it('with one output column keeps an Add that widens it apart', async () => {
    const calls = await roundTrip(matMulAdd([4, 1], [6], [2, 4]), [[2, 4]]);
    expect(calls.at(-1)).toContain('torch.add');
  });

  it('with the constant on the left is a Linear between transposes', async () => {
    const calls = await roundTrip(matMulAdd([3, 4], [3, 1], [2, 4, 5], true), [[2, 4, 5]]);
    expect(calls).toEqual([
      '%transpose = call_function[target=torch.transpose](args = (%x, -2, -1), kwargs = {})',
      '%linear = call_module[target=linear](args = (%transpose,), kwargs = {})',
      '%transpose_1 = call_function[target=torch.transpose](args = (%linear, -2, -1), kwargs = {})',
    ]);
  });

  it('with the constant on the left keeps an Add along the columns apart', async () => {
    const calls = await roundTrip(matMulAdd([3, 4], [5], [2, 4, 5], true), [[2, 4, 5]]);
    expect(calls.at(-1)).toContain('torch.add');
  });

  it('whose product is read twice keeps the Add apart', async () => {
    const graph = matMulAdd([4, 3], [3], [2, 4]);
    const calls = await roundTrip({ ...graph, outputs: ['y', 'm'] }, [[2, 4]]);
    expect(calls).toHaveLength(2);
  });

  it('of two activations and with a constant batch of matrices is torch.matmul', async () => {
    const two = { nodes: [op('MatMul', 'a b', 'y')], inputs: { a: [2, 3], b: [3, 4] }, outputs: ['y'] };
    expect(
      await roundTrip(two, [
        [2, 3],
        [3, 4],
      ]),
    ).toEqual([expect.stringContaining('torch.matmul')]);
    const batch = single(op('MatMul', 'x w', 'y'), [2, 5, 4], [floats('w', [2, 4, 3])]);
    expect(await roundTrip(batch, [[2, 5, 4]])).toEqual([expect.stringContaining('torch.matmul')]);
  });
});

describe('shapes', () => {
  it.each([
    [0, [2, 3, 4, 5]],
    [1, [2, 3, 4, 5]],
    [2, [2, 3, 4, 5]],
    [3, [2, 3, 4, 5]],
    [4, [2, 3, 4, 5]],
    [-1, [2, 3, 4, 5]],
    [1, [6]],
    [0, []],
  ])('Flatten at axis %i of %j', async (axis, shape) => {
    await roundTrip(single(op('Flatten', 'x', 'y', { axis: { i: axis } }), shape), [shape]);
  });

  it.each([
    [[0, -1], [2, 3, 4], '[2, -1]'],
    [[0, -1], ['n', 3, 4], '[-1, 12]'],
    [[-1, 0, 2], ['n', 6, 4], '[-1, 6, 2]'],
    [[0, 6, 2], ['n', 3, 4], '[-1, 6, 2]'],
    [[4, 6], ['n', 3, 4], '[4, 6]'],
  ] as const)('Reshape to %j of %j becomes %s', async (asked, shape, text) => {
    const graph = single(op('Reshape', 'x s', 'y'), shape, [int64s('s', asked)]);
    const [call] = await roundTrip(graph, [[2, Number(shape[1]), 4]]);
    expect(call).toContain(`(%x, ${text})`);
  });

  it.each([
    [13, 1],
    [13, -1],
    [11, 2],
    [11, 1],
    [11, 0],
  ])('Softmax of opset %i over axis %i', async (opset, axis) => {
    const node = op('Softmax', 'x', 'y', { axis: { i: axis } });
    await roundTrip(single(node, ['n', 3, 4], [], opset), [[2, 3, 4]]);
  });
});

it('a Reshape whose shape goes through a Cast to its own type', async () => {
  const nodes = [op('Cast', 's', 'same', { to: { i: 7 } }), op('Reshape', 'x same', 'y')];
  const graph = { nodes, inputs: { x: [2, 3] }, outputs: ['y'], initializers: [int64s('s', [3, 2])] };
  expect(await roundTrip(graph, [[2, 3]])).toHaveLength(1);
});

it('an input of unknown rank is not taken for a matrix', async () => {
  const nodes = [op('MatMul', 'x w', 'm'), op('MatMul', 'x w', 'k'), op('Add', 'k b', 'y')];
  const tensors = [floats('w', [4, 3]), floats('b', [1, 3])];
  const graph = { nodes, inputs: { x: null }, outputs: ['m', 'y'], initializers: tensors };
  const { model } = await readOnnx(bytesSource(testBytes(graph), 'test.onnx'));
  expect(callsOf(printGraph(model.graph)).at(-1)).toContain('torch.add](args = (%linear_1, %b)');
});

describe('elementwise', () => {
  it.each(['Add', 'Sub', 'Mul', 'Div'])('%s of a tensor and constants on either side', async (type) => {
    const nodes = [op(type, 'x a', 'u'), op(type, 'b u', 'y')];
    const graph = {
      nodes,
      inputs: { x: [2, 3] },
      outputs: ['y'],
      initializers: [floats('a', [3], 3), floats('b', [], 5)],
    };
    expect(await roundTrip(graph, [[2, 3]])).toHaveLength(2);
  });

  it.each([
    ['Relu', {}, '%relu = call_function[target=torch.nn.functional.relu](args = (%x,), kwargs = {})'],
    [
      'LeakyRelu',
      { alpha: { f: 0.2 } },
      '%leaky_relu = call_function[target=torch.nn.functional.leaky_relu](args = (%x, 0.2), kwargs = {})',
    ],
    ['Sigmoid', {}, '%sigmoid = call_function[target=torch.sigmoid](args = (%x,), kwargs = {})'],
    ['Tanh', {}, '%tanh = call_function[target=torch.tanh](args = (%x,), kwargs = {})'],
    ['Identity', {}, '%identity = call_module[target=identity](args = (%x,), kwargs = {})'],
    [
      'Dropout',
      {},
      '%dropout = call_function[target=torch.nn.functional.dropout](args = (%x, 0.5, False), kwargs = {})',
    ],
    ['Cast', { to: { i: 1 } }, '%to = call_method[target=to](args = (%x, torch.float32), kwargs = {})'],
  ] as const)('%s', async (type, attributes, line) => {
    expect(await roundTrip(single(op(type, 'x', 'y', attributes), [2, 3]), [[2, 3]])).toEqual([line]);
  });

  it('Cast to integers and back truncates', async () => {
    const nodes = [
      op('Mul', 'x a', 'u'),
      op('Cast', 'u', 'i', { to: { i: 6 } }),
      op('Cast', 'i', 'y', { to: { i: 1 } }),
    ];
    await roundTrip({ nodes, inputs: { x: [9] }, outputs: ['y'], initializers: [floats('a', [], 4)] }, [[9]]);
  });

  it('Constant nodes hold weights and operands; an Identity of one is the constant itself', async () => {
    const nodes = [
      constantNode('w', floats('', [4, 3], 2)),
      op('Identity', 'w', 'tied'),
      op('Constant', '-', 'half', { value_float: { f: 0.5 } }),
      op('MatMul', 'x tied', 'm'),
      op('Mul', 'm half', 'y'),
    ].map((node) => (node.opType === 'Constant' ? Object.assign(node, { input: [] }) : node));
    const calls = await roundTrip({ nodes, inputs: { x: [2, 4] }, outputs: ['y'] }, [[2, 4]]);
    expect(calls).toEqual([
      '%linear = call_module[target=linear](args = (%x,), kwargs = {})',
      '%mul = call_function[target=torch.mul](args = (%linear, %half), kwargs = {})',
    ]);
  });
});

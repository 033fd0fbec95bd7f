import { integers, messages, protobufFields, texts } from './protobufFields';

export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Integer attributes by name (`transB`). */
  readonly attributes: ReadonlyMap<string, number>;
}
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
}

// Field numbers of onnx.proto3.
const MODEL = { graph: 7 };
const GRAPH = { node: 1, initializer: 5 };
const NODE = { input: 1, output: 2, op: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, i: 3 };
const TENSOR = { dims: 1, type: 2, floats: 4, name: 8, raw: 9 };
const FLOAT = 1;

/** A copy, since the bytes may start anywhere (and slice of a Node Buffer does not copy). */
const float32 = (bytes: Uint8Array): Float32Array => new Float32Array(new Uint8Array(bytes).buffer);

function readTensor(bytes: Uint8Array): readonly [string, OnnxTensor][] {
  if (integers(bytes, TENSOR.type)[0] !== FLOAT) return [];
  const [raw] = messages(bytes, TENSOR.raw);
  const [packed] = messages(bytes, TENSOR.floats);
  const data = float32(raw ?? packed ?? new Uint8Array());
  return [[texts(bytes, TENSOR.name)[0] ?? '', { dims: integers(bytes, TENSOR.dims), data }]];
}

function readAttribute(bytes: Uint8Array): readonly [string, number][] {
  const value = protobufFields(bytes).find((field) => field.number === ATTRIBUTE.i)?.value;
  return typeof value === 'number' ? [[texts(bytes, ATTRIBUTE.name)[0] ?? '', value]] : [];
}

/** Nodes and float32 initializers of an ONNX file. */
export function readOnnxGraph(file: Uint8Array): OnnxGraph {
  const [graph] = messages(file, MODEL.graph);
  if (!graph) throw new Error('the ONNX file has no graph');
  return {
    nodes: messages(graph, GRAPH.node).map((node) => ({
      op: texts(node, NODE.op)[0] ?? '',
      inputs: texts(node, NODE.input),
      outputs: texts(node, NODE.output),
      attributes: new Map(messages(node, NODE.attribute).flatMap(readAttribute)),
    })),
    initializers: new Map(messages(graph, GRAPH.initializer).flatMap(readTensor)),
  };
}

import { toBinary } from '@bufbuild/protobuf';
import { GraphError } from '../../../graph/errors';
import { withoutKept } from '../../../graph/lazyTensor';
import type { FilePart } from '../../byteSource';
import { formatBytes } from '../../readRange';
import { GraphProtoSchema, type ModelProto, ModelProtoSchema, TensorProtoSchema } from '../gen/onnx_pb';
import type { Deferred } from './deferred';
import { lengthPrefix, MAX_MESSAGE_BYTES } from './wireFields';

/** Field numbers of onnx.proto. */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_RAW_DATA = 9;

const sizeOfPart = (part: FilePart): number => (part instanceof Blob ? part.size : part.length);
const sizeOfParts = (parts: readonly FilePart[]): number =>
  parts.reduce((sum, part) => sum + sizeOfPart(part), 0);

/** A field of so many bytes that consists of these parts. */
const field = (number: number, parts: readonly FilePart[]): readonly FilePart[] => [
  lengthPrefix(number, sizeOfParts(parts)),
  ...parts,
];

/** What a message is without one of its fields. The order of fields is free in protobuf, so that one can follow. */
function without<M, K extends keyof M>(message: M, key: K, empty: M[K], encode: (message: M) => Uint8Array) {
  const value = message[key];
  message[key] = empty;
  const bytes = new Uint8Array(encode(message));
  message[key] = value;
  return bytes;
}

/** Refuses before anything is computed; names and nodes are small beside the limit. */
function checkSize(deferred: Deferred): void {
  const bytes = [...deferred.values()].reduce((sum, data) => sum + data.bytes, 0);
  if (bytes > MAX_MESSAGE_BYTES)
    throw new GraphError(
      `The weights have ${formatBytes(bytes)}, and one ONNX file (protobuf) has at most ${formatBytes(MAX_MESSAGE_BYTES)}. Export Weights (.safetensors), which has no such limit.`,
    );
}

/** A model as one array of bytes, whatever of it is deferred. */
export function encodeWhole(model: ModelProto, deferred: Deferred): Uint8Array {
  for (const [tensor, data] of deferred) tensor.rawData = data.read();
  return toBinary(ModelProtoSchema, model);
}

/**
 * The bytes of a model in parts: values that are not in memory become parts of their own, one after the other. Throws
 * a GraphError when the file would be longer than a protobuf message can be.
 */
export function encodeParts(model: ModelProto, deferred: Deferred): readonly FilePart[] {
  const { graph } = model;
  checkSize(deferred);
  if (!graph || deferred.size === 0) return [new Uint8Array(toBinary(ModelProtoSchema, model))];
  const initializers = withoutKept(() =>
    graph.initializer.flatMap((tensor) => {
      const data = deferred.get(tensor);
      const own = new Uint8Array(toBinary(TensorProtoSchema, tensor));
      const raw = data ? field(TENSOR_RAW_DATA, [data.part()]) : [];
      return field(GRAPH_INITIALIZER, [own, ...raw]);
    }),
  );
  const rest = without(graph, 'initializer', [], (message) => toBinary(GraphProtoSchema, message));
  const head = without(model, 'graph', undefined, (message) => toBinary(ModelProtoSchema, message));
  return [head, ...field(MODEL_GRAPH, [rest, ...initializers])];
}

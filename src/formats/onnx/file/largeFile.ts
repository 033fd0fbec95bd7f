import { fromBinary } from '@bufbuild/protobuf';
import type { ByteSource } from '../../byteSource';
import { FormatError } from '../../errors';
import { readRange } from '../../readRange';
import { type ModelProto, TensorProtoSchema } from '../gen/onnx_pb';
import { canDefer, DEFERRED_BYTES, type Deferred, rangeData } from './deferred';
import { tensorTitle } from './tensorProto';
import { fieldsOf, LENGTH_DELIMITED, lengthPrefix, type WireField } from './wireFields';

/** Field numbers of onnx.proto. */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_RAW_DATA = 9;

/** As many as `messageCost` lets through, told before all of them are gone through. */
const MAX_PARTS = 2 ** 18;

type Range = readonly [start: number, end: number];

/** An initializer whose `raw_data` stays in the file, and its place among all initializers. */
interface LargeInitializer {
  readonly index: number;
  /** Its other fields. */
  readonly bytes: Uint8Array;
  readonly source: ByteSource;
  readonly raw: Range;
}

export interface SmallModel {
  /** A ModelProto without the large initializers. */
  readonly bytes: Uint8Array;
  readonly initializers: readonly LargeInitializer[];
}

const isLarge = (field: WireField, number: number): boolean =>
  field.number === number && field.type === LENGTH_DELIMITED && field.end - field.start >= DEFERRED_BYTES;

async function joined(source: ByteSource, ranges: readonly Range[]): Promise<Uint8Array> {
  const size = ranges.reduce((sum, [start, end]) => sum + end - start, 0);
  const bytes = new Uint8Array(size);
  let position = 0;
  for (const [start, end] of ranges) {
    bytes.set(await readRange(source, start, end, 'the model'), position);
    position += end - start;
  }
  return bytes;
}

/** Appends a range to those before it, as one where they touch. */
function append(ranges: Range[], [start, end]: Range): void {
  const last = ranges.at(-1);
  if (last?.[1] === start) ranges[ranges.length - 1] = [last[0], end];
  else ranges.push([start, end]);
}

async function largeInitializer(
  source: ByteSource,
  tensor: WireField,
  index: number,
): Promise<LargeInitializer | null> {
  const others: Range[] = [];
  let raw: Range | null = null;
  for await (const field of fieldsOf(source, tensor.start, tensor.end)) {
    // Of a field that is repeated against the rules, the last counts.
    if (field.number === TENSOR_RAW_DATA) raw = [field.start, field.end];
    else append(others, [field.head, field.end]);
  }
  if (!raw || !canDefer(source, raw[0], raw[1])) return null;
  return { index, bytes: await joined(source, others), source, raw };
}

/**
 * What an ONNX file holds besides the `raw_data` of large initializers, which is passed over and never read. Throws a
 * FormatError where the file is no sequence of protobuf fields.
 */
export async function withoutLargeData(source: ByteSource): Promise<SmallModel> {
  const pieces: Uint8Array[] = [];
  const initializers: LargeInitializer[] = [];
  let count = 0;
  let parts = 0;
  for await (const field of fieldsOf(source, 0, source.size)) {
    if (field.number !== MODEL_GRAPH || field.type !== LENGTH_DELIMITED) {
      pieces.push(await readRange(source, field.head, field.end, 'the model'));
      continue;
    }
    const kept: Range[] = [];
    for await (const part of fieldsOf(source, field.start, field.end)) {
      if (++parts > MAX_PARTS)
        throw new FormatError(
          source.name,
          `its graph has more than ${MAX_PARTS} nodes, tensors and values; no larger one is read. It is made to do harm, or not a model.`,
        );
      if (part.number === GRAPH_INITIALIZER) count++;
      const large = isLarge(part, GRAPH_INITIALIZER) ? await largeInitializer(source, part, count - 1) : null;
      if (large) initializers.push(large);
      else append(kept, [part.head, part.end]);
    }
    const graph = await joined(source, kept);
    pieces.push(lengthPrefix(MODEL_GRAPH, graph.length), graph);
  }
  return { bytes: concatenated(pieces), initializers };
}

function concatenated(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let position = 0;
  for (const piece of pieces) {
    bytes.set(piece, position);
    position += piece.length;
  }
  return bytes;
}

/** Puts the large initializers back in their places, with their values deferred. */
export function restored(
  model: ModelProto,
  initializers: readonly LargeInitializer[],
  deferred: Deferred,
): ModelProto {
  for (const { index, bytes, source, raw } of initializers) {
    const tensor = fromBinary(TensorProtoSchema, bytes);
    deferred.set(tensor, rangeData(source, raw[0], raw[1], tensorTitle(tensor)));
    model.graph?.initializer.splice(index, 0, tensor);
  }
  return model;
}

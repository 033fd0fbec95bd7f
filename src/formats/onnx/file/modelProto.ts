import { fromBinary, toBinary } from '@bufbuild/protobuf';
import type { ByteSource } from '../../byteSource';
import { Companions } from '../../companions';
import { FormatError } from '../../errors';
import { readRange } from '../../readRange';
import { type GraphProto, type ModelProto, ModelProtoSchema } from '../gen/onnx_pb';
import type { Deferred } from './deferred';
import { loadExternalData } from './externalData';
import { restored, withoutLargeData } from './largeFile';
import { checkMessageCost } from './messageCost';
import { MAX_MESSAGE_BYTES } from './wireFields';

/** From here on a file is not decoded as a whole. */
const LARGE_FILE = 2 ** 24;

/** Oldest opset of the default domain that the studio reads; `opset6` has what came with the next one. */
const MIN_OPSET = 6;

export interface DecodedModel {
  readonly model: ModelProto;
  readonly graph: GraphProto;
  /** Version of the default operator set. */
  readonly opset: number;
  /** Values of large tensors, which stay in their files. */
  readonly deferred: Deferred;
}

/**
 * Decodes an ONNX file, its external data included. Throws a FormatError when the file is empty, damaged, not ONNX,
 * or of an operator set before 6, and a MissingFilesError when its external data did not come along.
 */
export async function decodeModel(source: ByteSource, companions = new Companions()): Promise<DecodedModel> {
  if (source.size === 0) throw new FormatError(source.name, 'the file is empty.');
  if (source.size > MAX_MESSAGE_BYTES)
    throw new FormatError(
      source.name,
      `the file has ${source.size} bytes; an ONNX file (protobuf) has at most ${MAX_MESSAGE_BYTES}; larger models keep their weights in external data.`,
    );
  const deferred: Deferred = new Map();
  const model = await readModel(source, deferred);
  const { graph } = model;
  if (!graph || (graph.node.length === 0 && graph.output.length === 0))
    throw new FormatError(source.name, 'this is not an ONNX model: it holds no graph.');
  if (graph.output.length === 0)
    throw new FormatError(source.name, "the model's graph has no outputs; the file may be truncated.");
  const opset = defaultOpset(model, source.name);
  await loadExternalData(graph, source.name, companions, deferred);
  return { model, graph, opset, deferred };
}

/** A large file's tensors stay in it, so that it need not be in memory twice, nor once. */
async function readModel(source: ByteSource, deferred: Deferred): Promise<ModelProto> {
  if (source.size >= LARGE_FILE && source.readSync) {
    const { bytes, initializers } = await withoutLargeData(source);
    checkMessageCost(ModelProtoSchema, bytes, source.name);
    return parse(source.name, () => restored(fromBinary(ModelProtoSchema, bytes), initializers, deferred));
  }
  const bytes = await readRange(source, 0, source.size, 'the model');
  checkMessageCost(ModelProtoSchema, bytes, source.name);
  return parse(source.name, () => fromBinary(ModelProtoSchema, bytes));
}

function parse<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    // protobuf-es throws plain Errors and RangeErrors on anything that is no protobuf of this schema.
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(
      file,
      `this is not an ONNX model, or the file is truncated or damaged (its protobuf does not parse: ${reason}).`,
    );
  }
}

/** Node and opset domains: the default one is written empty or as `ai.onnx`. */
export const isDefaultDomain = (domain: string): boolean => domain === '' || domain === 'ai.onnx';

function defaultOpset(model: ModelProto, file: string): number {
  const entry = model.opsetImport.find((opset) => isDefaultDomain(opset.domain));
  const version = Number(entry?.version ?? 0);
  if (!entry)
    throw new FormatError(
      file,
      model.opsetImport.length === 0
        ? "the model does not say which ONNX operator set it uses; the file may be truncated, or be of another tool's format."
        : `the model uses only operators of ${model.opsetImport.map(({ domain }) => `'${domain}'`).join(', ')}; the studio reads those of ONNX itself.`,
    );
  if (version < MIN_OPSET)
    throw new FormatError(
      file,
      `the model uses ONNX operator set ${version}; the studio reads ${MIN_OPSET} and later. Convert it with onnx.version_converter.`,
    );
  return version;
}

/** The file's bytes again; fields that the schema does not name are written back as they were. */
export const encodeModel = (model: ModelProto): Uint8Array => toBinary(ModelProtoSchema, model);

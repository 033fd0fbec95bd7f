import type { ByteSource } from '../byteSource';
import { FormatError } from '../errors';
import { parsedJson } from '../parsedJson';
import { readRange } from '../readRange';
import { z } from '../zod';
import { firstIssue } from '../zodIssue';

/** A topology is text; weights do not belong into it. */
const MAX_JSON_BYTES = 2 ** 27;

const quantization = z.object({
  dtype: z.enum(['uint8', 'uint16', 'float16']),
  min: z.number().optional(),
  scale: z.number().optional(),
});

const weightEntry = z.object({
  name: z.string().min(1),
  shape: z.array(z.int().nonnegative()),
  dtype: z.string(),
  quantization: quantization.optional(),
});
export type WeightEntry = Readonly<z.infer<typeof weightEntry>>;

const weightGroup = z.object({ paths: z.array(z.string().min(1)), weights: z.array(weightEntry) });
export type WeightGroup = Readonly<z.infer<typeof weightGroup>>;

const modelClass = z.object({ class_name: z.string(), config: z.unknown() });

const schema = z.object({
  format: z.string().optional(),
  modelTopology: z.unknown(),
  weightsManifest: z.array(weightGroup).optional(),
});

/** What `model.json` states: the topology of Keras, and where the weights lie. */
export interface ModelJson {
  readonly className: string;
  readonly config: unknown;
  readonly weights: readonly WeightGroup[];
}

async function parse(source: ByteSource): Promise<unknown> {
  if (source.size > MAX_JSON_BYTES)
    throw new FormatError(
      source.name,
      `is a JSON file of more than ${MAX_JSON_BYTES} bytes; no model's topology is.`,
    );
  const bytes = await readRange(source, 0, source.size, 'the file');
  try {
    return parsedJson(new TextDecoder().decode(bytes));
  } catch (reason) {
    throw new FormatError(
      source.name,
      `is not JSON (${reason instanceof Error ? reason.message : String(reason)}). Save the model again.`,
    );
  }
}

const GRAPH_MODEL =
  "is a TensorFlow.js graph model, which has TensorFlow's ops instead of layers. Convert the TensorFlow model to ONNX with tf2onnx (python -m tf2onnx.convert --saved-model … --output model.onnx) and open that.";

/**
 * Reads the `model.json` of a TensorFlow.js layers model (tfjs-layers' `model.save`, tensorflowjs_converter). A
 * FormatError for graph models, and for JSON that is no model.
 */
export async function readModelJson(source: ByteSource): Promise<ModelJson> {
  const json = await parse(source);
  const parsed = schema.safeParse(json);
  if (!parsed.success || parsed.data.modelTopology === undefined)
    throw new FormatError(
      source.name,
      `is JSON, but no TensorFlow.js model${parsed.success ? " (it has no 'modelTopology')" : `: ${firstIssue(parsed.error)}`}.`,
    );
  const { format, modelTopology, weightsManifest } = parsed.data;
  const nodes = z.object({ node: z.array(z.unknown()) }).safeParse(modelTopology);
  if (format === 'graph-model' || nodes.success) throw new FormatError(source.name, GRAPH_MODEL);
  // The converter wraps the topology; tfjs-layers writes it as it is.
  const wrapped = z.object({ model_config: z.unknown() }).safeParse(modelTopology);
  const topology = modelClass.safeParse(wrapped.success ? wrapped.data.model_config : modelTopology);
  if (!topology.success)
    throw new FormatError(source.name, `its topology is not Keras's: ${firstIssue(topology.error)}.`);
  if (!weightsManifest)
    throw new FormatError(source.name, "has no 'weightsManifest': the weights are not saved with the model.");
  return { className: topology.data.class_name, config: topology.data.config, weights: weightsManifest };
}

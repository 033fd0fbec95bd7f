import { FormatError } from '../errors';
import { z } from '../zod';
import { firstIssue } from '../zodIssue';

/** One output of one call of a layer. */
export interface TensorRef {
  readonly layer: string;
  readonly call: number;
  readonly tensor: number;
}

export interface LayerSpec {
  readonly className: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** The inputs of each call; a layer that several places share has several calls. */
  readonly calls: readonly (readonly TensorRef[])[];
}

/** A Keras model as a graph of layers; a Sequential one is a chain. */
export interface ModelSpec {
  readonly name: string;
  readonly layers: readonly LayerSpec[];
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
}

const layerSchema = z.object({
  class_name: z.string().min(1),
  name: z.string().optional(),
  config: z.record(z.string(), z.unknown()),
  inbound_nodes: z.array(z.unknown()).optional(),
});
const refSchema = z.tuple([z.string(), z.int(), z.int()], z.unknown());
const kerasTensor = z.object({ config: z.object({ keras_history: refSchema }) });
/** Keras 3 writes calls as arguments. */
const callSchema = z.object({ args: z.array(z.unknown()) });
const functionalSchema = z.object({
  name: z.string().optional(),
  layers: z.array(layerSchema),
  input_layers: z.array(z.unknown()),
  output_layers: z.array(z.unknown()),
});
const sequentialSchema = z.object({ name: z.string().optional(), layers: z.array(layerSchema) });

/** Classes whose config holds layers. */
export const isModelClass = (className: string): boolean =>
  ['Sequential', 'Functional', 'Model'].includes(className);

const refOf = ([layer, call, tensor]: readonly unknown[]): TensorRef => ({
  layer: String(layer),
  call: Number(call),
  tensor: Number(tensor),
});

/** Every `[layer, node, tensor]` and every Keras tensor in a nest of lists. */
function refsIn(value: unknown): readonly TensorRef[] {
  const plain = refSchema.safeParse(value);
  if (plain.success) return [refOf(plain.data)];
  const tensor = kerasTensor.safeParse(value);
  if (tensor.success) return [refOf(tensor.data.config.keras_history)];
  return Array.isArray(value) ? value.flatMap(refsIn) : [];
}

const callInputs = (call: unknown): readonly TensorRef[] => {
  const v3 = callSchema.safeParse(call);
  return refsIn(v3.success ? v3.data.args : call);
};

const layerName = (layer: z.infer<typeof layerSchema>): string =>
  typeof layer.config.name === 'string' ? layer.config.name : (layer.name ?? layer.class_name);

function functional(file: string, config: unknown, name: string): ModelSpec {
  const parsed = functionalSchema.safeParse(config);
  if (!parsed.success)
    throw new FormatError(file, `the topology of '${name}' is not Keras's: ${firstIssue(parsed.error)}.`);
  const { layers, input_layers: inputs, output_layers: outputs } = parsed.data;
  return counted({
    name: parsed.data.name ?? name,
    layers: layers.map((layer) => ({
      className: layer.class_name,
      name: layer.name ?? layerName(layer),
      config: layer.config,
      calls: layer.class_name === 'InputLayer' ? [[]] : (layer.inbound_nodes ?? []).map(callInputs),
    })),
    inputs: refsIn(inputs),
    outputs: refsIn(outputs),
  });
}

/** Calls counted from 0: a model inside another may have been built before its first call, which then counts as 1. */
function counted(spec: ModelSpec): ModelSpec {
  const last = new Map<string, number>();
  const all = [...spec.layers.flatMap(({ calls }) => calls.flat()), ...spec.outputs];
  for (const { layer, call } of all) last.set(layer, Math.max(last.get(layer) ?? 0, call));
  const surplus = new Map(
    spec.layers.map(({ name, calls }) => [name, Math.max(0, (last.get(name) ?? 0) - calls.length + 1)]),
  );
  const moved = (ref: TensorRef): TensorRef => ({ ...ref, call: ref.call - (surplus.get(ref.layer) ?? 0) });
  return {
    ...spec,
    layers: spec.layers.map((layer) => ({ ...layer, calls: layer.calls.map((refs) => refs.map(moved)) })),
    outputs: spec.outputs.map(moved),
  };
}

/** A chain; an input layer that the file leaves out stands in the first layer's `batch_input_shape`. */
function sequential(file: string, config: unknown, name: string): ModelSpec {
  const parsed = sequentialSchema.safeParse(Array.isArray(config) ? { layers: config } : config);
  if (!parsed.success)
    throw new FormatError(file, `the topology of '${name}' is not Keras's: ${firstIssue(parsed.error)}.`);
  const { layers } = parsed.data;
  const [first] = layers;
  if (!first) throw new FormatError(file, `the model '${name}' has no layers.`);
  const input = {
    className: 'InputLayer',
    name: `${layerName(first)}_input`,
    config: inputConfig(first),
    calls: [[]],
  };
  const chain: LayerSpec[] = first.class_name === 'InputLayer' ? [] : [input];
  for (const layer of layers) {
    const before = chain.at(-1);
    const inputs = before ? [[{ layer: before.name, call: 0, tensor: 0 }]] : [[]];
    chain.push({ className: layer.class_name, name: layerName(layer), config: layer.config, calls: inputs });
  }
  const [head, last] = [chain[0], chain.at(-1)];
  const ref = (layer: LayerSpec | undefined): TensorRef => ({ layer: layer?.name ?? '', call: 0, tensor: 0 });
  return { name: parsed.data.name ?? name, layers: chain, inputs: [ref(head)], outputs: [ref(last)] };
}

/** The first layer's own input shape; of a model inside, its first layer's. */
function inputConfig(layer: z.infer<typeof layerSchema>): Readonly<Record<string, unknown>> {
  if (!isModelClass(layer.class_name)) return layer.config;
  const [first] = z.array(layerSchema).safeParse(layer.config.layers).data ?? [];
  return first ? inputConfig(first) : layer.config;
}

/** Reads a model's config; a FormatError that names the model whose topology is not Keras's. */
export const modelSpec = (file: string, className: string, config: unknown, name: string): ModelSpec =>
  className === 'Sequential' ? sequential(file, config, name) : functional(file, config, name);

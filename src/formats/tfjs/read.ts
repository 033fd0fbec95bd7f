import { GraphError, UnsupportedOpError } from '../../graph/errors';
import { freeName, GraphIndex } from '../../graph/graph';
import { lint } from '../../graph/lint';
import type { Model } from '../../graph/model';
import { assertSupported } from '../../graph/resolve';
import type { ByteSource } from '../byteSource';
import type { Companions } from '../companions';
import { FormatError } from '../errors';
import { fileStem } from '../fileStem';
import type { OpenedModel } from '../openedModel';
import { ACTIVATION_LAYERS } from './activations';
import { CONV_LAYERS } from './convLayers';
import { DENSE_LAYERS } from './denseLayers';
import { GraphBuilder, type Value } from './graphBuilder';
import type { LayerRule } from './layerCall';
import { LayerConfig } from './layerConfig';
import { MERGE_LAYERS } from './mergeLayers';
import { readModelJson } from './modelJson';
import { POOL_LAYERS } from './poolLayers';
import { SHAPE_LAYERS } from './shapeLayers';
import { isModelClass, type LayerSpec, type ModelSpec, modelSpec, type TensorRef } from './topology';
import { readWeights, WeightNames } from './weights';

const LAYERS: Readonly<Record<string, LayerRule>> = {
  ...DENSE_LAYERS,
  ...CONV_LAYERS,
  ...POOL_LAYERS,
  ...ACTIVATION_LAYERS,
  ...SHAPE_LAYERS,
  ...MERGE_LAYERS,
};

const keyOf = ({ layer, call, tensor }: TensorRef): string => `${layer}/${call}/${tensor}`;

/** Keras's names may hold any character; a module's dotted name has only dots as such. */
const moduleOf = (path: readonly string[]): string =>
  path.map((part) => part.replaceAll('/', '.').replace(/[^\w.]/g, '_')).join('.');

/** Walks a model and the models inside it, and writes their layers into one graph. */
class ModelReader {
  readonly builder = new GraphBuilder();
  readonly notes = new Set<string>();
  private readonly inputNames = new Set<string>();

  constructor(
    private readonly file: string,
    private readonly weights: WeightNames,
  ) {}

  /** The values of a model's outputs; `inputs` are those of a model inside another. */
  run(spec: ModelSpec, path: readonly string[], inputs: readonly Value[] | null): readonly Value[] {
    this.assertKnown(spec, path);
    const values = new Map<string, Value>();
    spec.inputs.forEach((input, i) => {
      const layer = spec.layers.find(({ name }) => name === input.layer);
      const value = inputs ? inputs[i] : layer && this.placeholder(layer);
      if (value) values.set(keyOf(input), value);
    });
    const waiting = spec.layers.flatMap((layer) =>
      layer.className === 'InputLayer' ? [] : layer.calls.map((refs, call) => ({ layer, refs, call })),
    );
    // Layers stand in the order in which they were made, which need not be that of their calls.
    while (waiting.length > 0) {
      const at = waiting.findIndex(({ refs }) => refs.every((ref) => values.has(keyOf(ref))));
      const [next] = at < 0 ? [] : waiting.splice(at, 1);
      if (!next)
        throw new FormatError(
          this.file,
          `layer '${waiting[0]?.layer.name}' reads a value that no layer gives.`,
        );
      const given = next.refs.map((ref) => values.get(keyOf(ref))).filter((value) => value !== undefined);
      const results = this.layer(next.layer, path, given);
      results.forEach((value, tensor) => {
        values.set(keyOf({ layer: next.layer.name, call: next.call, tensor }), value);
      });
    }
    return spec.outputs.map((ref) => {
      const value = values.get(keyOf(ref));
      if (!value)
        throw new FormatError(this.file, `the model's output '${keyOf(ref)}' is given by no layer.`);
      return value;
    });
  }

  /** Refuses all layers that are not read at once, each by its class and first name. */
  private assertKnown(spec: ModelSpec, path: readonly string[]): void {
    const unknown = new Map<string, { count: number; firstNode: string }>();
    for (const { className, name } of spec.layers) {
      if (className === 'InputLayer' || isModelClass(className) || Object.hasOwn(LAYERS, className)) continue;
      const seen = unknown.get(className);
      unknown.set(className, {
        count: (seen?.count ?? 0) + 1,
        firstNode: seen?.firstNode ?? [...path, name].join('/'),
      });
    }
    if (unknown.size > 0)
      throw new UnsupportedOpError(
        [...unknown].map(([op, found]) => ({ op: `${op} (Keras layer)`, ...found })),
        'Recurrent, Lambda and custom layers are not read.',
      );
  }

  private placeholder({ name, config, className }: LayerSpec): Value {
    const reader = new LayerConfig(this.file, className, name, config);
    const shape = reader.value('batch_input_shape') ?? reader.value('batch_shape');
    if (!Array.isArray(shape) || shape.length < 2)
      return reader.fail(`must state the model's input shape, got ${JSON.stringify(shape)}`);
    const base = freeName(name, (taken) => this.inputNames.has(taken));
    this.inputNames.add(base);
    const dims = shape.map((dim, axis) => {
      if (typeof dim === 'number') return dim;
      return axis === 0 ? 'n' : `${base}_${axis}`;
    });
    return this.builder.input(base, dims);
  }

  private layer(spec: LayerSpec, path: readonly string[], inputs: readonly Value[]): readonly Value[] {
    const { className, name } = spec;
    const here = [...path, name];
    if (isModelClass(className)) {
      const inner = modelSpec(this.file, className, spec.config, name);
      return this.run(inner, here, inputs);
    }
    const config = new LayerConfig(this.file, className, here.join('/'), spec.config);
    const rule = LAYERS[className];
    if (!rule) return config.fail('is not read by the studio');
    const call = {
      config,
      builder: this.builder,
      module: moduleOf(here),
      inputs,
      weight: (weight: string) => this.weights.find(here, weight),
      note: (text: string) => this.notes.add(text),
    };
    return [rule(call)];
  }
}

/** What the graph lacks an op for is refused with its layer, whose name the node's begins with. */
function checkModel(file: string, model: Model): void {
  try {
    lint(model);
    assertSupported(model, new GraphIndex(model.graph));
  } catch (error) {
    if (error instanceof UnsupportedOpError || !(error instanceof GraphError)) throw error;
    throw new FormatError(file, error.message, error.node);
  }
}

/**
 * Reads a TensorFlow.js layers model: `model.json` with its weight files. Inputs and outputs keep Keras's layout
 * (channels last); what lies between has PyTorch's where it convolves. Throws a FormatError that names the layer or
 * weight at fault, a MissingFilesError for weight files that did not come, and an UnsupportedOpError that lists every
 * layer that is not read.
 */
export async function readTfjs(source: ByteSource, companions: Companions): Promise<OpenedModel> {
  const file = source.name;
  const json = await readModelJson(source);
  if (!isModelClass(json.className))
    throw new FormatError(
      file,
      `is a Keras model of class '${json.className}'; Sequential, Functional and Model are read.`,
    );
  const spec = modelSpec(file, json.className, json.config, fileStem(file));
  const weights = new WeightNames(file, await readWeights(file, json.weights, companions));
  const reader = new ModelReader(file, weights);
  const { builder } = reader;
  builder.output(reader.run(spec, [], null));
  const { nodes, modules, params, inputShapes } = builder;
  const name = fileStem(file) === 'model' ? spec.name : fileStem(file);
  const model: Model = { name, graph: { nodes }, modules, params, inputShapes };
  checkModel(file, model);
  const { unused } = weights;
  const left =
    unused.length > 0
      ? [`No layer takes the weights ${unused.slice(0, 3).join(', ')}${unused.length > 3 ? ', …' : ''}.`]
      : [];
  return { model, format: 'tfjs', onnx: null, notes: [...reader.notes, ...left] };
}

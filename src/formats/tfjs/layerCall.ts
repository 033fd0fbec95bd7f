import type { NodeName } from '../../graph/ids';
import { type Argument, ref } from '../../graph/node';
import type { Dim } from '../../graph/shape';
import { asFloat, type Tensor } from '../../graph/tensor';
import type { GraphBuilder, Value } from './graphBuilder';
import type { LayerConfig } from './layerConfig';

/** One call of a layer: what it is configured as, what it reads, and where its nodes go. */
export interface LayerCall {
  readonly config: LayerConfig;
  readonly builder: GraphBuilder;
  /** The layer's dotted name among the model's modules. */
  readonly module: string;
  readonly inputs: readonly Value[];
  /** A weight by Keras's name; undefined when the file has none. */
  readonly weight: (name: string) => Tensor | undefined;
  note(text: string): void;
}

export type LayerRule = (call: LayerCall) => Value;

/** The only input of a layer. */
export function inputOf({ inputs, config }: LayerCall): Value {
  const [input, ...more] = inputs;
  return input && more.length === 0 ? input : config.fail(`takes one input, got ${inputs.length}`);
}

/** A float weight that the layer must have. */
export function weightOf(call: LayerCall, name: string, axes?: number): Tensor {
  const tensor = call.weight(name);
  if (!tensor)
    return call.config.fail(`has no weight '${name}' in the manifest; the weights are of another model`);
  if (axes !== undefined && tensor.shape.length !== axes)
    return call.config.fail(
      `has a weight '${name}' of shape [${tensor.shape.join(', ')}]; ${axes} axes are needed`,
    );
  return asFloat(tensor, `${call.module}.${name}`);
}

/** The value behind a function of it that keeps shape and layout. */
export const mapped = (
  { builder, module }: LayerCall,
  value: Value,
  target: string,
  args: readonly Argument[] = [],
  kwargs: Readonly<Record<string, Argument>> = {},
): Value => {
  const base = `${module}_${target.slice(target.lastIndexOf('.') + 1)}`;
  return { ...value, node: builder.call(target, [ref(value.node), ...args], base, kwargs) };
};

/** Sizes of the axes between batch and channels. */
export const spatialOf = ({ shape }: Value): readonly Dim[] => shape.slice(1, -1);

/** The number of channels, which layers with weights must know. */
export function channelsOf({ config }: LayerCall, { shape }: Value): number {
  const channels = shape.at(-1);
  return typeof channels === 'number'
    ? channels
    : config.fail('needs an input with a known number of channels');
}

/** The axis of a value's node that Keras's axis is. */
export function nodeAxis({ shape, channelsFirst }: Value, axis: number): number {
  const rank = shape.length;
  const positive = axis < 0 ? axis + rank : axis;
  if (!channelsFirst || positive === 0) return positive;
  return positive === rank - 1 ? 1 : positive + 1;
}

/** A value of a node, made from another with a new shape. */
export const shaped = (value: Value, node: NodeName, shape: readonly Dim[]): Value => ({
  ...value,
  node,
  shape,
});

/** Refuses a layer whose file says that channels stand first. */
export const channelsLastOnly = ({ config }: LayerCall): void => config.only('data_format', 'channels_last');

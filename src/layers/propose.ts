import { checkPlan } from './check';
import { findLayers, type NamedShape } from './findLayers';
import { orderLayers } from './order';
import type { Activation, FoundLayer, LayersPlan, LeftOutTensor, PlannedLayer } from './plan';

export interface Proposal {
  readonly found: readonly FoundLayer[];
  readonly plan: LayersPlan;
  readonly leftOut: readonly LeftOutTensor[];
}

/** Sides of images that networks are trained on, the commonest first. */
const SIDES = [32, 28, 224, 64, 96, 128, 8, 16, 48, 256, 192, 160, 227, 299, 112, 56, 14, 12, 10, 24, 20];

const isNorm = (layer: FoundLayer | undefined): boolean =>
  layer?.kind === 'batch_norm' || layer?.kind === 'layer_norm';

/** The number in a container that a name ends in: 3 of `features.3`. */
const position = ({ module }: FoundLayer): { readonly parent: string; readonly at: number } | null => {
  // `fc2` is no place in a container, and says nothing of what stands behind `fc1`.
  const [, parent = '', at] = /^(?:(.*)\.)?(\d+)$/.exec(module) ?? [];
  return at === undefined ? null : { parent, at: Number(at) };
};

/**
 * ReLU between layers, nothing in front of a norm and behind the last. In an nn.Sequential the numbers tell: where none is
 * skipped, nothing stood between.
 */
function activationBehind(layer: FoundLayer, next: FoundLayer | undefined): Activation {
  if (!next || layer.kind === 'embedding' || layer.kind === 'layer_norm' || next.kind === 'prelu')
    return 'none';
  const [here, there] = [position(layer), position(next)];
  if (here && there && here.parent === there.parent) return there.at > here.at + 1 ? 'relu' : 'none';
  return isNorm(next) || layer.kind === 'prelu' ? 'none' : 'relu';
}

function planned(layer: FoundLayer, next: FoundLayer | undefined, halves: boolean): PlannedLayer {
  const isConv = layer.kind === 'conv';
  // Windows that halve stand behind a convolution's norm, where it has one.
  const closes = (isConv && !isNorm(next)) || layer.kind === 'batch_norm';
  return {
    module: layer.module,
    included: true,
    stride: 1,
    padding: isConv ? Math.floor(((layer.kernel[0] ?? 1) - 1) / 2) : 0,
    activation: activationBehind(layer, next),
    pooling: halves && closes ? 'max' : 'none',
    poolSize: 2,
  };
}

/** One sample for the first layer; images get the side that is tried. */
function inputFor(first: FoundLayer | undefined, side: number): readonly number[] {
  if (!first) return [1];
  switch (first.kind) {
    case 'conv':
      return [first.reads, ...first.kernel.map(() => side)];
    case 'embedding':
      return [16];
    case 'linear':
    case 'batch_norm':
    case 'layer_norm':
    case 'prelu':
      return [first.reads];
    default:
      return first satisfies never;
  }
}

/** Of a convolution's net, the last position before its first Linear, where a global mean would stand. */
function lastBeforeLinear(layers: readonly FoundLayer[]): number {
  const linear = layers.findIndex(({ kind }) => kind === 'linear');
  return linear > 0 && layers.some(({ kind }) => kind === 'conv') ? linear - 1 : -1;
}

/** A classifier that reads one number a channel stands behind a mean, in all likelihood. */
const readsChannels = (layers: readonly FoundLayer[], meanAt: number): boolean =>
  layers[meanAt] !== undefined && layers[meanAt].gives === layers[meanAt + 1]?.reads;

/** The plans that are tried: with and without halving windows, with a global mean, on images of several sides. */
function* candidates(layers: readonly FoundLayer[]): Generator<LayersPlan> {
  const meanAt = lastBeforeLinear(layers);
  const hasImages = layers[0]?.kind === 'conv';
  const sides = hasImages ? SIDES : SIDES.slice(0, 1);
  for (const mean of hasImages && readsChannels(layers, meanAt) ? [true, false] : [false])
    for (const halves of hasImages ? [true, false] : [false])
      for (const padded of hasImages ? [true, false] : [true])
        for (const side of mean ? sides.slice(0, 3) : sides)
          yield {
            input: inputFor(layers[0], side),
            layers: layers.map((layer, at) => {
              const plan = planned(layer, layers[at + 1], halves && !mean);
              const pooling = mean && at === meanAt ? 'global' : plan.pooling;
              return { ...plan, pooling, padding: padded ? plan.padding : 0 };
            }),
          };
}

/** A chain of layers from the names and shapes of a state dict; the first plan of those tried in which everything fits. */
export function proposeLayers(entries: readonly NamedShape[], inModuleOrder: boolean): Proposal {
  const { layers, leftOut } = findLayers(entries);
  const found = orderLayers(layers, inModuleOrder);
  let first: LayersPlan | null = null;
  for (const plan of candidates(found)) {
    first ??= plan;
    if (checkPlan(plan, found).problem === null) return { found, plan, leftOut };
  }
  return { found, plan: first ?? { input: [1], layers: [] }, leftOut };
}

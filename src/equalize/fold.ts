import { GraphError } from '../graph/errors';
import type { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import { type ObservedModel, overallRange } from '../quant/observer';
import type { LayerNode } from '../quant/weightUse';
import type { ScaledRange } from './activationObservers';
import type { Equalization } from './equalization';
import type { FoldPlacement, ScaledObserver } from './regions/regions';
import { factorsOf, scaleRange } from './scale';

/** The calibrated model, and what is looked up in it again and again. */
export interface Before {
  readonly model: ObservedModel;
  readonly index: GraphIndex;
  readonly layers: ReadonlyMap<NodeName, LayerNode>;
}

/**
 * The tensors before the layers take the factors, and the observers on the way get the scaled ranges:
 *
 *     a (W, b) → obs → relu → obs → fc        becomes        a (W · s, b · s) → obs' → relu → obs' → fc
 *
 * `values` holds one factor per class. Gives the nodes whose tensors were scaled.
 */
export function foldScale(
  { model, layers }: Before,
  work: Equalization,
  region: FoldPlacement,
  values: Float32Array,
  reader: string,
): readonly NodeName[] {
  const producers = [...new Set(region.params.map(({ node }) => node))];
  for (const producer of producers) {
    const params = region.params.filter(({ node }) => node === producer);
    const [first] = params;
    const layer = layers.get(producer);
    if (layer && first) {
      work.multiplyRows(layer, factorsOf(values, first.classes), reader);
      work.weights.reset(layer.node);
    } else
      work.multiplyParams(
        producer,
        params.map(({ param, axis, classes }) => ({ param, axis, factors: factorsOf(values, classes) })),
        reader,
      );
  }
  work.activations.setRegionRanges(region.observers.map((observer) => scaledRange(model, observer, values)));
  const [first] = producers;
  if (first !== undefined) for (const value of region.values) work.scaledValues.set(value, first);
  return producers;
}

function scaledRange(
  model: ObservedModel,
  { node, module, axis, classes }: ScaledObserver,
  values: Float32Array,
): ScaledRange {
  const channels = model.observers[module]?.channels;
  if (channels?.min.length !== classes.length)
    throw new GraphError(
      `internal: '${node}' saw ${channels?.min.length ?? 'no'} channels along axis ${axis}, and there are ${classes.length} scales.`,
      node,
    );
  return { node, module, range: overallRange(scaleRange(channels, factorsOf(values, classes))) };
}

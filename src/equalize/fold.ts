import { GraphError } from '../graph/errors';
import type { NodeName } from '../graph/ids';
import { type ObservedModel, overallRange } from '../quant/observer';
import type { ScaledRange } from './activationObservers';
import type { Before } from './before';
import type { Absorption } from './biasAbsorption';
import type { Equalization } from './equalization';
import type { FoldPlacement, ScaledObserver } from './regions/regions';
import { type ChannelRange, factorsOf, scaleRange } from './scale';

const lowerRange = ({ min, max }: ChannelRange, amounts: Float32Array): ChannelRange => ({
  min: min.map((value, c) => value - (amounts[c] ?? 0)),
  max: max.map((value, c) => value - (amounts[c] ?? 0)),
});

/**
 * The tensors before the layers take the factors, and the observers on the way get the scaled ranges:
 *
 *     a (W, b) → obs → relu → obs → fc        becomes        a (W · s, b · s) → obs' → relu → obs' → fc
 *
 * `values` holds one factor per class. Gives the nodes whose tensors were scaled. What the layers behind absorb of the
 * bias before is taken out of it, and of the ranges.
 */
export function foldScale(
  { model, layers }: Before,
  work: Equalization,
  region: FoldPlacement,
  values: Float32Array,
  reader: string,
  absorbed: Absorption | null,
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
  if (absorbed) lower(work, region, absorbed);
  const shift = absorbed?.amounts ?? null;
  work.activations.setRegionRanges(
    region.observers.map((observer) => scaledRange(model, observer, values, shift)),
  );
  const [first] = producers;
  if (first !== undefined) for (const value of region.values) work.scaledValues.set(value, first);
  return producers;
}

/** The layer before leaves out of its bias what those behind take over. */
function lower(work: Equalization, region: FoldPlacement, { producer, amounts }: Absorption): void {
  const own = region.params.find(({ param }) => param === producer.call.attrs.weight);
  if (own) work.lowerBias(producer, amountsOf(amounts, own.classes));
}

/** The layers behind take it over: with the columns that the scale has divided already. */
export function raiseBiases(work: Equalization, region: FoldPlacement, { amounts }: Absorption): void {
  for (const { layer, classes } of region.consumers) work.raiseBias(layer, amountsOf(amounts, classes));
}

const amountsOf = (amounts: Float32Array, classes: Int32Array): Float32Array =>
  Float32Array.from(classes, (k) => amounts[k] ?? 0);

function scaledRange(
  model: ObservedModel,
  { node, module, axis, classes }: ScaledObserver,
  values: Float32Array,
  shift: Float32Array | null,
): ScaledRange {
  const channels = model.observers[module]?.channels;
  if (channels?.min.length !== classes.length)
    throw new GraphError(
      `internal: '${node}' saw ${channels?.min.length ?? 'no'} channels along axis ${axis}, and there are ${classes.length} scales.`,
      node,
    );
  const scaled = scaleRange(channels, factorsOf(values, classes));
  const lowered = shift ? lowerRange(scaled, amountsOf(shift, classes)) : scaled;
  return { node, module, range: overallRange(lowered) };
}

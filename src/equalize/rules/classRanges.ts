import { GraphError } from '../../graph/errors';
import { asFloat } from '../../graph/tensor';
import type { ChannelStats } from '../../quant/channelStats';
import type { ObservedModel } from '../../quant/observer';
import { columnRangeOf } from '../layerWeight';
import type { Consumer, Placement } from '../regions/regions';
import { type ChannelRange, type ClassedRange, widestRange } from '../scale';

/** What is known of each class of channels of a placement: of the values that its layers read, and of their weights. */
export interface ClassRanges {
  /** The widest range among the inputs. */
  readonly input: ChannelRange;
  /** The widest range among the weights' columns. */
  readonly weight: ChannelRange;
  /** `max |x|` over all inputs. */
  readonly inputMax: Float32Array;
  /** `max |W|` over all weights' columns. */
  readonly weightMax: Float32Array;
  /** How many values of the inputs were NaN or infinite. */
  readonly nonFinite: Float64Array;
}

/** The statistics of the layer's input. Throws a GraphError where it was not observed. */
export function statsOf(model: ObservedModel, { layer, observer }: Consumer): ChannelStats {
  const stats = model.equalizationObservers[observer]?.channels;
  if (stats) return stats;
  throw new GraphError(
    `The input of '${layer.node.name}' was not observed: calibrate before equalizing.`,
    layer.node.name,
  );
}

export function classRanges(model: ObservedModel, { consumers, classes: count }: Placement): ClassRanges {
  const inputs = consumers.map(({ classes, ...consumer }) => ({
    classes,
    range: statsOf(model, { ...consumer, classes }),
  }));
  const weights = consumers.map(({ classes, layer: { call } }) => ({
    classes,
    range: columnRangeOf(call, asFloat(model.params[call.attrs.weight], call.attrs.weight)),
  }));
  const nonFinite = new Float64Array(count);
  for (const { classes, range } of inputs)
    classes.forEach((k, c) => {
      nonFinite[k] = (nonFinite[k] ?? 0) + (range.nonFinite[c] ?? 0);
    });
  return {
    input: widestRange(count, inputs),
    weight: widestRange(count, weights),
    inputMax: largestOf(count, inputs),
    weightMax: largestOf(count, weights),
    nonFinite,
  };
}

/** The largest absolute value of each class over several tensors. */
export function largestOf(count: number, tensors: readonly ClassedRange[]): Float32Array {
  const max = new Float32Array(count);
  for (const { classes, range } of tensors)
    classes.forEach((k, c) => {
      const value = Math.max(Math.abs(range.min[c] ?? 0), Math.abs(range.max[c] ?? 0));
      max[k] = Math.max(max[k] ?? 0, value);
    });
  return max;
}

import type { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import type { OpName, Paddings } from '../graph/op';
import { resolveNode } from '../graph/resolve';
import { asFloat, type FloatTensor, floatTensor } from '../graph/tensor';
import { groupsOf } from '../quant/layerAxes';
import type { ObservedModel } from '../quant/observer';
import { rowsFirst } from '../quant/rowsFirst';
import { type LayerNode, tiedUseCounts } from '../quant/weightUse';
import type { Before } from './before';
import type { FoldPlacement } from './regions/regions';
import { statsOf } from './rules/classRanges';

/** What the layers behind take over from the bias of the layer before. */
export interface Absorption {
  readonly producer: LayerNode;
  /** One amount per class, in the units of the scaled value; 0 where nothing is absorbed. */
  readonly amounts: Float32Array;
}

/** Ops with `op(x − c) = op(x) − c` for every x of at least c ≥ 0. */
const KEEPS_SHIFT: ReadonlySet<OpName> = new Set([
  'relu',
  'identity',
  'dropout',
  'observer',
  'equalization_observer',
]);

/**
 * Absorption of high biases (Nagel et al. 2019, section 4.1, "Absorbing high biases"): of a channel whose value never falls below some c > 0, the
 * layer before can leave c out of its bias and the layers behind can put it into theirs,
 *
 *     b1_k − c_k,   b2 + W2 c,   since relu(y − c) = relu(y) − c where y ≥ c
 *
 * which narrows the range that int8 has to cover. The paper takes c = β − 3γ from a batch normalization and so accepts a
 * rare error; here c is the smallest value on calibration data, so that the function is the same on it, and on all data
 * that does not fall below. Null where the layers are not a layer, a ReLU or nothing, and layers with biases of their own
 * (a convolution that pads with zeros would see the shift at its borders).
 */
export function absorption(
  { model, index, layers }: Before,
  placement: FoldPlacement,
  scale: Float32Array,
): Absorption | null {
  const [first, ...others] = new Set(placement.params.map(({ node }) => node));
  const producer = first === undefined ? undefined : layers.get(first);
  if (!producer?.call.attrs.bias || others.length > 0) return null;
  const readers = placement.consumers.map(({ layer }) => layer);
  if (!readers.every((layer) => takesShift(model, index, layer))) return null;
  if (!placement.values.every((value) => keepsShift(model, index, value, producer.node.name))) return null;
  return { producer, amounts: amountsOf(model, placement, scale) };
}

/** It has a bias of its own, used once, and sees the shift at every place. */
function takesShift(model: Model, index: GraphIndex, { call }: LayerNode): boolean {
  const { bias } = call.attrs;
  // What a transposed convolution sees of it depends on how many windows cover a place.
  const padded = call.op === 'conv_transpose' || (call.op === 'conv' && isPadded(call.attrs.padding));
  return bias !== null && !padded && tiedUseCounts(model, index).get(bias) === 1;
}

const isPadded = (padding: Paddings): boolean =>
  typeof padding === 'string' || padding.some(([before, behind]) => before + behind > 0);

function keepsShift(model: Model, index: GraphIndex, value: NodeName, producer: NodeName): boolean {
  const op = resolveNode(model, index, index.get(value))?.op;
  return value === producer || (op !== undefined && KEEPS_SHIFT.has(op));
}

/** The smallest value of each class over all layers that read it; NaN or infinite data absorbs nothing. */
function amountsOf(
  model: ObservedModel,
  { classes: count, consumers }: FoldPlacement,
  scale: Float32Array,
): Float32Array {
  const lowest = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
  for (const consumer of consumers) {
    const { min, nonFinite } = statsOf(model, consumer);
    consumer.classes.forEach((k, c) => {
      const value = (nonFinite[c] ?? 0) > 0 ? 0 : (min[c] ?? 0);
      lowest[k] = Math.min(lowest[k] ?? 0, value);
    });
  }
  return lowest.map((value, k) => (Number.isFinite(value) && value > 0 ? value * (scale[k] ?? 1) : 0));
}

/** `b2 + W2 c`: what the layer's columns make of the amounts of its input's channels. */
export function absorbedBias(
  bias: FloatTensor,
  weight: FloatTensor,
  { call }: LayerNode,
  amounts: Float32Array,
): FloatTensor {
  const { data, shape } = rowsFirst(call, asFloat(weight, call.attrs.weight));
  const [rows = 0, columns = 0, ...kernel] = shape;
  const places = kernel.reduce((size, length) => size * length, 1);
  const groups = groupsOf(call);
  const moved = Float64Array.from(bias.data);
  for (let row = 0, i = 0; row < rows; row++) {
    const first = Math.floor((row * groups) / rows) * columns;
    for (let c = 0; c < columns; c++)
      for (let k = 0; k < places; k++, i++)
        moved[row] = (moved[row] ?? 0) + (data[i] ?? 0) * (amounts[first + c] ?? 0);
  }
  return floatTensor(bias.shape, Float32Array.from(moved));
}

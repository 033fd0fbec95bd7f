import { computedTensor } from '../graph/lazyTensor';
import { type FloatTensor, floatTensor } from '../graph/tensor';
import type { ChannelRange } from './scale';
import { rangePositions, scaledWeight } from './scaledWeight';

/** A weight `[rows, columns of one group, …kernel]`, seen as a matrix of rows for each group. */
function layoutOf({ shape }: FloatTensor, groups: number) {
  const [, columns = 0, ...kernel] = shape;
  const kernelSize = kernel.reduce((size, length) => size * length, 1);
  return { channels: columns * groups, kernelSize, rowSize: columns * kernelSize };
}

/** Of the columns of a weight. */
export interface ColumnRange extends ChannelRange {
  /** Whether any number of the weight is NaN, which the ranges leave out. */
  readonly hasNaN: boolean;
}

/**
 * Minimum and maximum of each column of a layer's weight `[out, in / groups, …kernel]`: over all rows and kernel
 * positions that one input channel meets. Of `in` columns; NaN is left out.
 */
export function columnRange(weight: FloatTensor, groups = 1): ColumnRange {
  const { channels, kernelSize, rowSize } = layoutOf(weight, groups);
  // Of each position in a row first: the rows pass one by one as they lie in memory.
  const low = new Float32Array(rowSize * groups).fill(Number.POSITIVE_INFINITY);
  const high = new Float32Array(rowSize * groups).fill(Number.NEGATIVE_INFINITY);
  const hasNaN = rangePositions(weight, groups, low, high);
  if (kernelSize === 1) return { min: low, max: high, hasNaN };
  return {
    hasNaN,
    min: overPositions(low, kernelSize, channels, Number.POSITIVE_INFINITY, Math.min),
    max: overPositions(high, kernelSize, channels, Number.NEGATIVE_INFINITY, Math.max),
  };
}

/** One number of each channel's `kernelSize` neighbouring ones. */
const overPositions = (
  positions: Float32Array,
  kernelSize: number,
  channels: number,
  start: number,
  pick: (a: number, b: number) => number,
): Float32Array =>
  Float32Array.from({ length: channels }, (_, c) =>
    positions
      .subarray(c * kernelSize, (c + 1) * kernelSize)
      .reduce((found, value) => pick(found, value), start),
  );

/**
 * `W[:, c] · (1 / s_c)`: what the input gains, the weight gives back. The reciprocal is rounded to float32 first,
 * as PyTorch does (_equalize.py, `scale_weight_node`), so the weights agree bit for bit. One scale for each of the
 * `in` input channels.
 */
export function divideColumns(weight: FloatTensor, scale: Float32Array, groups = 1): FloatTensor {
  const { channels, kernelSize, rowSize } = layoutOf(weight, groups);
  const reciprocal = scale.map((s) => 1 / s);
  const factors = new Float32Array(rowSize * groups);
  for (let c = 0; c < channels; c++) factors.fill(reciprocal[c] ?? 1, c * kernelSize, (c + 1) * kernelSize);
  return scaledWeight(weight, { by: 'column', factors, groups });
}

/** `W[r, …] · s_r`: the producer's rows take the scale of the layers that read them. */
export function multiplyRows(weight: FloatTensor, scale: Float32Array): FloatTensor {
  const [rows = 0] = weight.shape;
  const factors = new Float32Array(rows).fill(1);
  factors.set(scale.subarray(0, rows));
  return scaledWeight(weight, { by: 'row', factors });
}

/** The entries along one axis (from the start) are multiplied by its factors: of a normalization's weight, a constant. */
export function multiplyAlong(tensor: FloatTensor, axis: number, factors: Float32Array): FloatTensor {
  const inner = tensor.shape.slice(axis + 1).reduce((size, length) => size * length, 1);
  return computedTensor(tensor.shape, [tensor], () =>
    tensor.data.map((value, i) => value * (factors[Math.floor(i / inner) % factors.length] ?? 1)),
  );
}

/** `b_r · s_r`. */
export const multiplyBias = (bias: FloatTensor, scale: Float32Array): FloatTensor =>
  floatTensor(
    bias.shape,
    bias.data.map((value, row) => value * (scale[row] ?? 1)),
  );

import { computedTensor } from '../graph/lazyTensor';
import { type FloatTensor, floatTensor } from '../graph/tensor';
import type { ChannelRange } from './scale';

/** A weight `[rows, columns of one group, …kernel]`: how its elements map to output rows and input channels. */
function layoutOf({ shape }: FloatTensor, groups: number) {
  const [rows = 0, columns = 0, ...kernel] = shape;
  const kernelSize = kernel.reduce((size, length) => size * length, 1);
  /** The first input channel that a row meets: its group's. */
  const firstChannel = (row: number) => Math.floor((row * groups) / rows) * columns;
  return { rows, columns, kernelSize, firstChannel };
}

/**
 * Minimum and maximum of each column of a layer's weight `[out, in / groups, …kernel]`: over all rows and kernel
 * positions that one input channel meets. Of `in` columns; NaN is left out.
 */
export function columnRange(weight: FloatTensor, groups = 1): ChannelRange {
  const { rows, columns, kernelSize, firstChannel } = layoutOf(weight, groups);
  const { data } = weight;
  const min = new Float32Array(columns * groups).fill(Number.POSITIVE_INFINITY);
  const max = new Float32Array(columns * groups).fill(Number.NEGATIVE_INFINITY);
  let i = 0;
  for (let row = 0; row < rows; row++) {
    const first = firstChannel(row);
    for (let c = first; c < first + columns; c++) {
      for (let k = 0; k < kernelSize; k++) {
        const value = data[i++] ?? 0;
        if (value < (min[c] ?? 0)) min[c] = value;
        if (value > (max[c] ?? 0)) max[c] = value;
      }
    }
  }
  return { min, max };
}

/**
 * `W[:, c] · (1 / s_c)`: what the input gains, the weight gives back. The reciprocal is rounded to float32 first,
 * as PyTorch does (_equalize.py, `scale_weight_node`), so the weights agree bit for bit. One scale for each of the
 * `in` input channels.
 */
export function divideColumns(weight: FloatTensor, scale: Float32Array, groups = 1): FloatTensor {
  const { rows, columns, kernelSize, firstChannel } = layoutOf(weight, groups);
  const reciprocal = scale.map((s) => 1 / s);
  return computedTensor(weight.shape, [weight], () => {
    const { data } = weight;
    const divided = new Float32Array(data.length);
    let i = 0;
    for (let row = 0; row < rows; row++) {
      const first = firstChannel(row);
      for (let c = first; c < first + columns; c++) {
        const factor = reciprocal[c] ?? 1;
        for (const end = i + kernelSize; i < end; i++) divided[i] = (data[i] ?? 0) * factor;
      }
    }
    return divided;
  });
}

/** `W[r, …] · s_r`: the producer's rows take the scale of the layers that read them. */
export function multiplyRows(weight: FloatTensor, scale: Float32Array): FloatTensor {
  const rowSize = weight.shape.slice(1).reduce((size, length) => size * length, 1);
  return computedTensor(weight.shape, [weight], () => {
    const { data } = weight;
    const multiplied = new Float32Array(data.length);
    for (let row = 0, i = 0; i < data.length; row++) {
      const factor = scale[row] ?? 1;
      for (const end = i + rowSize; i < end; i++) multiplied[i] = (data[i] ?? 0) * factor;
    }
    return multiplied;
  });
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

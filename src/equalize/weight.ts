import { type FloatTensor, floatTensor } from '../graph/tensor';
import type { ChannelRange } from './scale';

/** Minimum and maximum of each column of a Linear's weight `[out, in]`. */
export function columnRange(weight: FloatTensor): ChannelRange {
  const [rows = 0, columns = 0] = weight.shape;
  const min = new Float32Array(columns).fill(Number.POSITIVE_INFINITY);
  const max = new Float32Array(columns).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < columns; c++) {
      const value = weight.data[row * columns + c] ?? 0;
      if (value < (min[c] ?? 0)) min[c] = value;
      if (value > (max[c] ?? 0)) max[c] = value;
    }
  }
  return { min, max };
}

/**
 * `W[:, c] · (1 / s_c)`: what the input gains, the weight gives back. The reciprocal is rounded to float32 first,
 * as PyTorch does (_equalize.py, `scale_weight_node`), so the weights agree bit for bit.
 */
export function divideColumns(weight: FloatTensor, scale: Float32Array): FloatTensor {
  const columns = weight.shape[1] ?? 0;
  const reciprocal = scale.map((s) => 1 / s);
  return floatTensor(
    weight.shape,
    weight.data.map((value, i) => value * (reciprocal[i % columns] ?? 1)),
  );
}

/** `W[r, :] · s_r`: the producer's rows take the scale of the layers that read them. */
export function multiplyRows(weight: FloatTensor, scale: Float32Array): FloatTensor {
  const columns = weight.shape[1] ?? 1;
  return floatTensor(
    weight.shape,
    weight.data.map((value, i) => value * (scale[Math.floor(i / columns)] ?? 1)),
  );
}

/** `b_r · s_r`. */
export const multiplyBias = (bias: FloatTensor, scale: Float32Array): FloatTensor =>
  floatTensor(
    bias.shape,
    bias.data.map((value, row) => value * (scale[row] ?? 1)),
  );

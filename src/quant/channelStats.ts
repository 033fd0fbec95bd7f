import type { TensorRange } from './observers/tensorRange';

/**
 * What calibration keeps of one tensor: minimum and maximum of the finite values of each channel and how many
 * values were NaN or infinite. A channel without any finite value has min = +∞ and max = −∞, as an observer that
 * has seen nothing.
 */
export interface ChannelStats {
  readonly min: Float32Array;
  readonly max: Float32Array;
  readonly nonFinite: Float64Array;
  /** Samples seen (length of axis 0, summed over batches). */
  readonly samples: number;
  /** Axes of the tensor, as the last batch had them. */
  readonly rank: number;
  /** The range over the whole tensor in each batch, for observers that depend on the batches' order. */
  readonly batches?: readonly TensorRange[];
}

import { type FloatTensor, sizeOf } from '../../graph/tensor';
import type { PerChannelScheme, QuantizationSpec } from '../spec';

/** Smallest and largest value of each channel. */
export interface ChannelRanges {
  readonly min: Float32Array;
  readonly max: Float32Array;
}

/** `PerChannelMinMaxObserver`: a range for each slice along an axis (0: a weight's output channels). */
export interface PerChannelMinMaxConfig {
  readonly kind: 'per-channel-minmax';
  readonly spec: QuantizationSpec<PerChannelScheme>;
  readonly axis: number;
}
export interface PerChannelMinMaxState extends PerChannelMinMaxConfig {
  /** Null before the first tensor. */
  readonly ranges: ChannelRanges | null;
}

export const perChannelMinMax = (
  spec: QuantizationSpec<PerChannelScheme>,
  axis = 0,
): PerChannelMinMaxConfig => ({ kind: 'per-channel-minmax', spec, axis });

export const emptyPerChannelMinMax = (config: PerChannelMinMaxConfig): PerChannelMinMaxState => ({
  ...config,
  ranges: null,
});

/** The state after a tensor; every tensor must have the same number of channels. An empty one has no say. */
export function observePerChannelMinMax(
  observer: PerChannelMinMaxState,
  tensor: FloatTensor,
): PerChannelMinMaxState {
  if (sizeOf(tensor.shape) === 0) return observer;
  const batch = channelRanges(tensor, observer.axis);
  const { ranges } = observer;
  if (!ranges) return { ...observer, ranges: batch };
  const min = batch.min.map((value, c) => Math.min(value, ranges.min[c] ?? value));
  const max = batch.max.map((value, c) => Math.max(value, ranges.max[c] ?? value));
  return { ...observer, ranges: { min, max } };
}

/** The range of each slice of a tensor along an axis. Throws a RangeError for an axis outside its rank. */
export function channelRanges({ shape, data }: FloatTensor, axis: number): ChannelRanges {
  const channels = shape[axis];
  if (channels === undefined)
    throw new RangeError(`A tensor of shape [${shape.join(', ')}] has no axis ${axis}.`);
  const inner = shape.slice(axis + 1).reduce((size, dim) => size * dim, 1);
  const min = new Float32Array(channels).fill(Number.POSITIVE_INFINITY);
  const max = new Float32Array(channels).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < data.length; i++) {
    const channel = Math.floor(i / inner) % channels;
    const value = data[i] ?? 0;
    if (value < (min[channel] ?? 0)) min[channel] = value;
    if (value > (max[channel] ?? 0)) max[channel] = value;
  }
  return { min, max };
}

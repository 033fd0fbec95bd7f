import { type FloatTensor, sizeOf } from '../../graph/tensor';
import type { PerChannelScheme, QuantizationSpec } from '../spec';
import { AVERAGING_CONSTANT, averaged } from './movingAverageMinMax';
import { type ChannelRanges, channelRanges } from './perChannelMinMax';

/** `MovingAveragePerChannelMinMaxObserver`: each channel's range, drawn towards each further tensor's. */
export interface MovingAveragePerChannelConfig {
  readonly kind: 'moving-average-per-channel';
  readonly spec: QuantizationSpec<PerChannelScheme>;
  readonly axis: number;
  /** Weight of a new tensor, c in 0…1. */
  readonly averagingConstant: number;
}
export interface MovingAveragePerChannelState extends MovingAveragePerChannelConfig {
  /** Null before the first tensor. */
  readonly ranges: ChannelRanges | null;
}

export const movingAveragePerChannel = (
  spec: QuantizationSpec<PerChannelScheme>,
  axis = 0,
  averagingConstant = AVERAGING_CONSTANT,
): MovingAveragePerChannelConfig => ({ kind: 'moving-average-per-channel', spec, axis, averagingConstant });

export const emptyMovingAveragePerChannel = (
  config: MovingAveragePerChannelConfig,
): MovingAveragePerChannelState => ({ ...config, ranges: null });

/** The state after a tensor; every tensor must have the same number of channels. An empty one has no say. */
export function observeMovingAveragePerChannel(
  observer: MovingAveragePerChannelState,
  tensor: FloatTensor,
): MovingAveragePerChannelState {
  if (sizeOf(tensor.shape) === 0) return observer;
  const batch = channelRanges(tensor, observer.axis);
  const { ranges, averagingConstant: constant } = observer;
  if (!ranges) return { ...observer, ranges: batch };
  const min = batch.min.map((value, c) => averaged(ranges.min[c] ?? value, value, constant));
  const max = batch.max.map((value, c) => averaged(ranges.max[c] ?? value, value, constant));
  return { ...observer, ranges: { min, max } };
}

import type { ModuleSpec } from '../graph/model';
import {
  MIN_MAX_OBSERVER,
  MOVING_AVERAGE_OBSERVER,
  MOVING_AVERAGE_PER_CHANNEL_OBSERVER,
  PER_CHANNEL_MIN_MAX_OBSERVER,
} from '../graph/moduleTypes';
import type { FloatTensor } from '../graph/tensor';
import { emptyMinMax, type MinMaxState, observeMinMax } from './observers/minMax';
import {
  emptyMovingAverage,
  type MovingAverageState,
  observeMovingAverage,
} from './observers/movingAverageMinMax';
import {
  emptyMovingAveragePerChannel,
  type MovingAveragePerChannelState,
  observeMovingAveragePerChannel,
} from './observers/movingAveragePerChannel';
import {
  type ChannelRanges,
  emptyPerChannelMinMax,
  observePerChannelMinMax,
  type PerChannelMinMaxState,
} from './observers/perChannelMinMax';
import { EMPTY_RANGE, type TensorRange } from './observers/tensorRange';
import type { WeightObserver } from './qconfig';
import { calculateQParams, type QParams } from './qparams';

/**
 * What an observer of a weight knows: one range, or one for each output channel. In the graph it stands behind the
 * `get_attr` node of a functional layer; a module's weight is observed within `convert`.
 */
export type WeightObserverState =
  | MinMaxState
  | MovingAverageState
  | PerChannelMinMaxState
  | MovingAveragePerChannelState;

/** PyTorch's class of each kind. */
export const WEIGHT_OBSERVER_TYPES: { readonly [K in WeightObserver['kind']]: string } = {
  minmax: MIN_MAX_OBSERVER,
  'moving-average': MOVING_AVERAGE_OBSERVER,
  'per-channel-minmax': PER_CHANNEL_MIN_MAX_OBSERVER,
  'moving-average-per-channel': MOVING_AVERAGE_PER_CHANNEL_OBSERVER,
};

/** The module that stands in the graph for it. */
export const weightObserverModule = ({ kind, spec }: WeightObserver): ModuleSpec => ({
  type: WEIGHT_OBSERVER_TYPES[kind],
  attrs: { dtype: spec.dtype, qscheme: spec.qscheme, quant_min: spec.quantMin, quant_max: spec.quantMax },
});

/** An observer that has seen nothing; of a state, what `reset_min_max_vals` leaves of it. */
export function emptyWeightObserver(config: WeightObserver): WeightObserverState {
  switch (config.kind) {
    case 'minmax':
      return emptyMinMax(config);
    case 'moving-average':
      return emptyMovingAverage(config);
    case 'per-channel-minmax':
      return emptyPerChannelMinMax(config);
    case 'moving-average-per-channel':
      return emptyMovingAveragePerChannel(config);
    default:
      return config satisfies never;
  }
}

/** The state after it has seen a weight; what it saw before counts too. */
export function observeWeight(observer: WeightObserverState, weight: FloatTensor): WeightObserverState {
  switch (observer.kind) {
    case 'minmax':
      return observeMinMax(observer, rangeOf(weight));
    case 'moving-average':
      return observeMovingAverage(observer, rangeOf(weight));
    case 'per-channel-minmax':
      return observePerChannelMinMax(observer, weight);
    case 'moving-average-per-channel':
      return observeMovingAveragePerChannel(observer, weight);
    default:
      return observer satisfies never;
  }
}

/** Its ranges: one, or one for each output channel; none before it has seen a weight. */
export function weightRanges(observer: WeightObserverState): ChannelRanges {
  if ('ranges' in observer) return observer.ranges ?? { min: new Float32Array(), max: new Float32Array() };
  return observer.min <= observer.max
    ? { min: Float32Array.of(observer.min), max: Float32Array.of(observer.max) }
    : { min: new Float32Array(), max: new Float32Array() };
}

/** Scale and zero point: one, or one for each output channel; 1 and 0 before it has seen a weight. */
export function observedQParams(observer: WeightObserverState): readonly QParams[] {
  const { min, max } = weightRanges(observer);
  if (min.length === 0) return [{ scale: 1, zeroPoint: 0 }];
  return Array.from(min, (low, channel) => calculateQParams(low, max[channel] ?? low, observer.spec));
}

function rangeOf({ data }: FloatTensor): TensorRange {
  let { min, max } = EMPTY_RANGE;
  for (const value of data) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

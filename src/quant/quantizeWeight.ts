import { asFloat, type FloatTensor, floatTensor } from '../graph/tensor';
import {
  emptyMovingAveragePerChannel,
  observeMovingAveragePerChannel,
} from './observers/movingAveragePerChannel';
import {
  type ChannelRanges,
  emptyPerChannelMinMax,
  observePerChannelMinMax,
} from './observers/perChannelMinMax';
import type { WeightObserver } from './qconfig';
import { calculateQParams, type QParams, roundHalfToEven } from './qparams';
import { QUANTIZED_RANGE, type QuantizationSpec } from './spec';

/** A weight on its int8 grid: the values it stands for, and scale and zero point per tensor or per row. */
export interface QuantizedWeight {
  /** Dequantized values, same shape as the weight. */
  readonly values: FloatTensor;
  /** One entry, or one per slice along the observer's axis for a per-channel scheme. */
  readonly qparams: readonly QParams[];
}

/**
 * Quantizes and dequantizes a weight with the parameters of its own range (torch/ao/nn/quantized/modules/utils.py,
 * `_quantize_weight`; `nearbyint(w · (1/scale)) + zeroPoint`, clamped to the dtype's range). Shape `[out, …]`.
 */
export function quantizeWeight(weight: FloatTensor, observer: WeightObserver): QuantizedWeight {
  const tensor = asFloat(weight, 'weight');
  const { spec } = observer;
  const ranges = weightRanges(tensor, observer);
  const qparams = Array.from(ranges.min, (min, i) => calculateQParams(min, ranges.max[i] ?? 0, spec));
  const inner = 'axis' in observer ? innerSize(tensor.shape, observer.axis) : tensor.data.length;
  return { values: floatTensor(tensor.shape, fakeQuantize(tensor.data, inner, qparams, spec)), qparams };
}

/** What the observer knows after it has seen the weight once: one range, or one a channel. */
function weightRanges(weight: FloatTensor, observer: WeightObserver): ChannelRanges {
  const none: ChannelRanges = { min: new Float32Array(), max: new Float32Array() };
  switch (observer.kind) {
    case 'minmax':
    case 'moving-average':
      return rangeOf(weight.data);
    case 'per-channel-minmax':
      return observePerChannelMinMax(emptyPerChannelMinMax(observer), weight).ranges ?? none;
    case 'moving-average-per-channel':
      return observeMovingAveragePerChannel(emptyMovingAveragePerChannel(observer), weight).ranges ?? none;
    default:
      return observer satisfies never;
  }
}

function rangeOf(data: Float32Array): ChannelRanges {
  const min = Float32Array.of(Number.POSITIVE_INFINITY);
  const max = Float32Array.of(Number.NEGATIVE_INFINITY);
  for (const value of data) {
    if (value < (min[0] ?? 0)) min[0] = value;
    if (value > (max[0] ?? 0)) max[0] = value;
  }
  return { min, max };
}

const innerSize = (shape: readonly number[], axis: number): number =>
  shape.slice(axis + 1).reduce((size, dim) => size * dim, 1);

/** `inner` neighbouring values have the same parameters; then come the next channel's. */
function fakeQuantize(
  data: Float32Array,
  inner: number,
  qparams: readonly QParams[],
  { dtype }: QuantizationSpec,
): Float32Array {
  const [low, high] = QUANTIZED_RANGE[dtype];
  return data.map((value, i) => {
    const { scale, zeroPoint } = qparams[Math.floor(i / inner) % qparams.length] ?? {
      scale: 1,
      zeroPoint: 0,
    };
    const level = roundHalfToEven(Math.fround(value * Math.fround(1 / scale))) + zeroPoint;
    return (Math.min(Math.max(level, low), high) - zeroPoint) * scale;
  });
}

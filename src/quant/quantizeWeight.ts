import { GraphError } from '../graph/errors';
import { computedTensor } from '../graph/lazyTensor';
import type { Model } from '../graph/model';
import type { WeightGrid } from '../graph/op';
import { asFloat, type FloatTensor, sizeOf } from '../graph/tensor';
import type { WeightObserver } from './qconfig';
import { type QParams, roundHalfToEven } from './qparams';
import { isQuantizedDType, QUANTIZED_RANGE } from './spec';
import { emptyWeightObserver, observedQParams, observeWeight } from './weightObserver';

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
  const { dtype } = observer.spec;
  const qparams = weightQParams(tensor, observer);
  return { values: weightOnGrid(tensor, qparams, { axis: weightAxis(observer), dtype }), qparams };
}

/** What an observer says that has seen the weight alone: one pair, or one per slice along the observer's axis. */
export function weightQParams(weight: FloatTensor, observer: WeightObserver): readonly QParams[] {
  return observedQParams(observeWeight(emptyWeightObserver(observer), weight));
}

/** The axis of a weight's scales; null for one scale for the whole tensor. */
export const weightAxis = (observer: WeightObserver): number | null =>
  'axis' in observer ? observer.axis : null;

/** The parameters of a weight in the reference form, from the model's tensors. Throws a GraphError where they do not fit. */
export function gridQParams(model: Model, { scale, zeroPoint }: WeightGrid): readonly QParams[] {
  const scales = asFloat(model.params[scale], scale).data;
  const zeroPoints = model.params[zeroPoint]?.data;
  if (zeroPoints?.length !== scales.length)
    throw new GraphError(
      `Tensor '${zeroPoint}' has ${zeroPoints?.length ?? 'no'} zero points for the ${scales.length} scales of '${scale}'.`,
    );
  return Array.from(scales, (value, i) => ({ scale: value, zeroPoint: zeroPoints[i] ?? 0 }));
}

/** Dequantized values of a weight on that grid. Throws a GraphError where the parameters do not fit its shape. */
export function weightOnGrid(
  weight: FloatTensor,
  qparams: readonly QParams[],
  { axis, dtype }: Pick<WeightGrid, 'axis' | 'dtype'>,
): FloatTensor {
  const { shape } = weight;
  const expected = axis === null ? 1 : shape[axis];
  if (qparams.length !== expected)
    throw new GraphError(
      `A weight of shape [${shape.join(', ')}] has ${qparams.length} scales; ${expected ?? 'no number'} along axis ${axis} fits it.`,
    );
  if (!isQuantizedDType(dtype))
    throw new GraphError(`A weight cannot be quantized to ${dtype}; torch.qint8 and torch.quint8 are known.`);
  const inner = sizeOf(axis === null ? shape : shape.slice(axis + 1));
  return computedTensor(shape, [weight], () =>
    fakeQuantize(weight.data, inner, qparams, QUANTIZED_RANGE[dtype]),
  );
}

/** `inner` neighbouring values have the same parameters; then come the next channel's. */
function fakeQuantize(
  data: Float32Array,
  inner: number,
  qparams: readonly QParams[],
  [low, high]: readonly [number, number],
): Float32Array {
  return data.map((value, i) => {
    const { scale, zeroPoint } = qparams[Math.floor(i / inner) % qparams.length] ?? {
      scale: 1,
      zeroPoint: 0,
    };
    const level = roundHalfToEven(Math.fround(value * Math.fround(1 / scale))) + zeroPoint;
    return (Math.min(Math.max(level, low), high) - zeroPoint) * scale;
  });
}

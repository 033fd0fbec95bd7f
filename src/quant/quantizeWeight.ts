import { asFloat, type FloatTensor, floatTensor } from '../graph/tensor';
import { QUANTIZED_RANGE, type QuantizationSpec } from './qconfig';
import { calculateQParams, type QParams, roundHalfToEven } from './qparams';

/** A weight on its int8 grid: the values it stands for, and scale and zero point per tensor or per row. */
export interface QuantizedWeight {
  /** Dequantized values, same shape as the weight. */
  readonly values: FloatTensor;
  /** One entry, or one per row (axis 0) for a per-channel scheme. */
  readonly qparams: readonly QParams[];
}

/**
 * Quantizes and dequantizes a weight with the parameters of its own range (torch/ao/nn/quantized/modules/utils.py,
 * `_quantize_weight`; `nearbyint(w · (1/scale)) + zeroPoint`, clamped to the dtype's range). Shape `[out, …]`.
 */
export function quantizeWeight(weight: FloatTensor, spec: QuantizationSpec): QuantizedWeight {
  const { data, shape } = asFloat(weight, 'weight');
  const rows = spec.qscheme === 'torch.per_channel_symmetric' ? (shape[0] ?? 1) : 1;
  const rowSize = rows === 0 ? 0 : data.length / rows;
  const values = new Float32Array(data.length);
  const qparams: QParams[] = [];
  for (let row = 0; row < rows; row++) {
    const slice = data.subarray(row * rowSize, (row + 1) * rowSize);
    const parameters = calculateQParams(...rangeOf(slice), spec);
    fakeQuantize(slice, values.subarray(row * rowSize, (row + 1) * rowSize), parameters, spec);
    qparams.push(parameters);
  }
  return { values: floatTensor(shape, values), qparams };
}

function rangeOf(data: Float32Array): [number, number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of data) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}

function fakeQuantize(
  from: Float32Array,
  to: Float32Array,
  { scale, zeroPoint }: QParams,
  spec: QuantizationSpec,
): void {
  const [low, high] = QUANTIZED_RANGE[spec.dtype];
  const inverse = Math.fround(1 / scale);
  for (let i = 0; i < from.length; i++) {
    const level = roundHalfToEven(Math.fround((from[i] ?? 0) * inverse)) + zeroPoint;
    to[i] = (Math.min(Math.max(level, low), high) - zeroPoint) * scale;
  }
}

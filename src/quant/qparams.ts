import { isSymmetric, type QuantizationSpec } from './spec';

/** Scale and zero point of an affine quantization: `real = (quantized − zeroPoint) · scale`. */
export interface QParams {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** `torch.finfo(torch.float32).eps`: the smallest scale that PyTorch's observers give. */
const EPS = 2 ** -23;

/** Rounds half to even, as `torch.round` and `nearbyint` do. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/**
 * Quantization parameters of a range (torch/ao/quantization/observer.py,
 * `UniformQuantizationObserverBase._calculate_qparams`), in float32 as PyTorch computes them.
 * Affine: `scale = (max⁺ − min⁻) / (quantMax − quantMin)`, `zeroPoint = quantMin − round(min⁻ / scale)`, with
 * `min⁻ = min(min, 0)` and `max⁺ = max(max, 0)`. Symmetric: `scale = max(−min⁻, max⁺) / ((quantMax − quantMin) / 2)`,
 * zero point 0 for qint8, and for quint8 128 or, of a customized range, its middle. Of a per-channel scheme these are
 * one channel's. An observer that has seen nothing (min = +∞, max = −∞) gives scale 1, zero point 0. A scale is never
 * below 2⁻²³.
 */
export function calculateQParams(min: number, max: number, spec: QuantizationSpec): QParams {
  if (min === Number.POSITIVE_INFINITY && max === Number.NEGATIVE_INFINITY) return { scale: 1, zeroPoint: 0 };
  const low = Math.fround(Math.min(min, 0));
  const high = Math.fround(Math.max(max, 0));
  const steps = spec.quantMax - spec.quantMin;
  if (isSymmetric(spec.qscheme)) {
    const scale = Math.max(Math.fround(Math.max(-low, high) / (steps / 2)), EPS);
    return { scale, zeroPoint: spec.dtype === 'torch.quint8' ? symmetricZeroPoint(spec) : 0 };
  }
  const scale = Math.max(Math.fround(Math.fround(high - low) / steps), EPS);
  const zeroPoint = spec.quantMin - roundHalfToEven(Math.fround(low / scale));
  // Of an infinite range PyTorch's conversion of NaN to int wraps round, to below the range.
  if (Number.isNaN(zeroPoint)) return { scale, zeroPoint: spec.quantMin };
  return { scale, zeroPoint: clamp(zeroPoint, spec.quantMin, spec.quantMax) };
}

const symmetricZeroPoint = ({ customized, quantMin, quantMax }: QuantizationSpec): number =>
  customized ? Math.floor((quantMin + quantMax) / 2) : 128;

import { QUANTIZED_RANGE } from '../spec';
import { floatSum } from './floatSum';
import type { HistogramState } from './histogramConfig';

/**
 * The sum of squared errors when the values of the bins `start…end` are quantized to all steps of the dtype and those
 * outside are clamped, every bin's values taken as spread evenly (observer.py, `_compute_quantization_error`: it
 * takes 256 steps even for a reduced range). Float32, step by step as there.
 */
export function quantizationError(
  { min, max, bins, spec }: HistogramState,
  histogram: Float32Array,
  start: number,
  end: number,
): number {
  const { fround } = Math;
  const [lowest, highest] = QUANTIZED_RANGE[spec.dtype];
  const levels = highest - lowest + 1;
  const width = (max - min) / bins;
  const step = (width * (end - start + 1)) / levels;
  if (step === 0) return 0;
  const [width32, step32, half32] = [fround(width), fround(step), fround(step / 2)];
  const halfCube = cube(half32);
  const wholeStep = fround(fround(halfCube - cube(-half32)) / 3);
  const errors = histogram.map((count, bin) => {
    const density = fround(count / width32);
    const from = fround((bin - start) * width32);
    const to = fround(from + width32);
    const levelOf = (value: number) => Math.min(Math.max(floorDivide(value, step32), 0), levels - 1);
    const [first, last] = [levelOf(from), levelOf(to)];
    const before = fround(from - fround(fround(first + 0.5) * step32));
    const after = fround(to - fround(fround(last * step32) + half32));
    const firstPart = fround(density * fround(fround(halfCube - cube(before)) / 3));
    const between = fround((last - first - 1) * fround(density * wholeStep));
    const lastPart = fround(density * fround(fround(cube(after) - cube(-half32)) / 3));
    return fround(fround(firstPart + between) + lastPart);
  });
  return floatSum(errors);
}

const cube = (value: number): number => Math.fround(Math.fround(value * value) * value);

/** `torch.div(a, b, rounding_mode='floor')` for b > 0 (aten/src/ATen/native/cpu/BinaryOpsKernel.cpp). */
function floorDivide(a: number, b: number): number {
  const { fround } = Math;
  const rest = a % b;
  const quotient = fround(fround(fround(a - rest) / b) - (rest < 0 ? 1 : 0));
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

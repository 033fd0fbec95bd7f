import { floatSum } from './floatSum';
import type { HistogramState } from './histogramConfig';
import { quantizationError } from './quantizationError';
import type { TensorRange } from './tensorRange';

/** Share of all values that one step of the search gives up. */
const STEP = 1e-5;

/**
 * The range between two edges of bins whose quantization error is smallest, as HistogramObserver finds it
 * (observer.py, `_non_linear_param_search`): both ends move inwards by quantiles, the side with more bins to give up
 * first, until the error grows. In the arithmetic of PyTorch: float32, the quantiles in float64.
 */
export function searchRange(observer: HistogramState, histogram: Float32Array): TensorRange {
  const { fround } = Math;
  const { min, max, bins } = observer;
  const width = fround(fround(max - min) / bins);
  const { start, end } = searchBins(observer, histogram);
  return { min: fround(min + fround(width * start)), max: fround(min + fround(width * (end + 1))) };
}

function searchBins(observer: HistogramState, histogram: Float32Array): { start: number; end: number } {
  const { fround } = Math;
  const total = floatSum(histogram);
  const sums = cumulativeSums(histogram);
  const sumAt = (bin: number): number => sums[bin] ?? 0;
  let [alpha, beta, start, end] = [0, 1, 0, observer.bins - 1];
  let [left, right] = [start, end];
  let smallest = Number.POSITIVE_INFINITY;
  while (alpha < beta) {
    const [nextAlpha, nextBeta] = [alpha + STEP, beta - STEP];
    // The quantiles only move inwards, so the bins are looked for from where the last step found them.
    left = Math.min(Math.max(left, start), end);
    right = Math.max(Math.min(right, end), start);
    while (left < end && sumAt(left) < fround(nextAlpha * total)) left++;
    while (right > start && sumAt(right) > fround(nextBeta * total)) right--;
    const moveStart = left - start > end - right;
    if (moveStart) alpha = nextAlpha;
    else beta = nextBeta;
    const next = moveStart ? { start: left, end } : { start, end: right };
    if (next.start === start && next.end === end) continue;
    const error = quantizationError(observer, histogram, next.start, next.end);
    if (error > smallest) break;
    smallest = error;
    [start, end] = [next.start, next.end];
  }
  return { start, end };
}

/** `torch.cumsum` of float32: summed up in float64, each sum rounded. */
function cumulativeSums(values: Float32Array): Float32Array {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

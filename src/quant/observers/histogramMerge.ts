import type { HistogramConfig } from './histogramConfig';
import type { CountedRange } from './histogramRange';

/**
 * New counts with the old ones added, bin by bin over the step's range (observer.py, `_combine_histograms`): float32
 * counts, summed up in float64, with the lower of two sums rounded to float32, as there.
 */
export function mergeCounts(
  { bins, upsampleRate }: HistogramConfig,
  before: Float32Array,
  step: CountedRange,
  fresh: Float32Array,
): Float32Array {
  if (step.kind !== 'merge') return fresh.map((count, bin) => count + (before[bin] ?? 0));
  const { downsampleRate, start } = step;
  if (start + bins * upsampleRate > bins * downsampleRate)
    throw new RangeError(
      `HistogramObserver cannot merge its histogram into the range ${step.range.min}…${step.range.max}: by rounding, its bins would end behind it. Use other batches, or a MinMaxObserver (qconfig default).`,
    );
  const sums = runningSums(before, upsampleRate);
  /** Sum of the first `parts` parts of the new range. */
  const sumOf = (parts: number): number => {
    const inside = Math.min(Math.max(parts - start, 0), bins * upsampleRate);
    const bin = Math.floor(inside / upsampleRate);
    return (sums[bin] ?? 0) + (inside % upsampleRate) * (before[bin] ?? 0);
  };
  return fresh.map((count, bin) => {
    const below = bin === 0 ? 0 : Math.fround(sumOf(bin * downsampleRate));
    return count + Math.fround((sumOf((bin + 1) * downsampleRate) - below) / upsampleRate);
  });
}

/** Sum of all parts before each bin, every part holding its bin's full count; one entry more than bins. */
function runningSums(counts: Float32Array, parts: number): Float64Array {
  const sums = new Float64Array(counts.length + 1);
  counts.forEach((count, bin) => {
    sums[bin + 1] = (sums[bin] ?? 0) + parts * count;
  });
  return sums;
}

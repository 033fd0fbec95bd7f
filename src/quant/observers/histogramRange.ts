import { roundHalfToEven } from '../qparams';
import type { HistogramConfig } from './histogramConfig';
import { isEmptyRange, type TensorRange, unitedRange } from './tensorRange';

/** One batch of a HistogramObserver: where its values are counted, and the observer's range afterwards. */
export type CountedRange = TensorRangeAfter &
  (
    | { readonly kind: 'first' }
    /** The range stays: counts are added. */
    | { readonly kind: 'add' }
    /**
     * The range grows. The old bins, each cut into `upsampleRate` parts, begin at part `start` of the new range; each
     * new bin takes `downsampleRate` parts.
     */
    | { readonly kind: 'merge'; readonly downsampleRate: number; readonly start: number }
  );

interface TensorRangeAfter {
  readonly range: TensorRange;
  /** Outermost edges of the batch's own histogram; equal ones are moved apart by 1 each. */
  readonly low: number;
  readonly high: number;
}

/**
 * What HistogramObserver does with a batch of a given range, in float32 (torch/ao/quantization/observer.py of 1.13.1,
 * `forward` and `_adjust_min_max`).
 */
export function nextStep(config: HistogramConfig, before: TensorRange, batch: TensorRange): CountedRange {
  if (isEmptyRange(before) || before.min === before.max)
    return { kind: 'first', range: batch, ...wholeEdges(batch, batch) };
  const { fround } = Math;
  const { bins, upsampleRate } = config;
  const combined = unitedRange(batch, before);
  const span = fround(combined.max - combined.min);
  const part = fround(fround(before.max - before.min) / (bins * upsampleRate));
  const width = fround(bins * part);
  const downsampleRate = Math.ceil(fround(span / width));
  const excess = fround(fround(downsampleRate * width) - span);
  const range = { min: combined.min, max: fround(combined.max + excess) };
  const edges = wholeEdges(range, batch);
  if (range.min === before.min && range.max === before.max) return { kind: 'add', range, ...edges };
  const start = roundHalfToEven(fround(fround(before.min - range.min) / part));
  return { kind: 'merge', range, downsampleRate, start, ...edges };
}

/** `torch.histc(x, bins, min=int(min), max=int(max))`, which takes x's own range where the two are equal. */
function wholeEdges(range: TensorRange, batch: TensorRange): { low: number; high: number } {
  const low = Math.trunc(range.min);
  const high = Math.trunc(range.max);
  return low === high ? { low: batch.min, high: batch.max } : { low, high };
}

import type { ChannelRange } from '../equalize/scale';
import { liveWidths } from './liveColumns';
import type { RangeHistogram } from './views';

const BINS = 32;

const log10Widths = (range: ChannelRange): readonly number[] => liveWidths(range).map(Math.log10);

/**
 * Histogram of column ranges (max − min) on a log10 axis, over the same bins before and after. Columns of zero,
 * unknown, infinite or vanishing range have no place on that axis and are counted apart. Null when no column has one.
 */
export function rangeHistogram(before: ChannelRange, after: ChannelRange | null): RangeHistogram | null {
  const left = log10Widths(before);
  const right = after ? log10Widths(after) : [];
  const all = [...left, ...right];
  if (all.length === 0) return null;
  const low = all.reduce((a, b) => Math.min(a, b));
  const high = all.reduce((a, b) => Math.max(a, b));
  // Equal columns still need a bin of some width.
  const margin = high - low < 1e-3 ? 0.5 : 0;
  const from = low - margin;
  const width = (high + margin - from) / BINS;
  const count = (values: readonly number[]): Uint32Array => {
    const bins = new Uint32Array(BINS);
    for (const value of values) {
      const bin = Math.min(BINS - 1, Math.floor((value - from) / width));
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    return bins;
  };
  return {
    edges: Float32Array.from({ length: BINS + 1 }, (_, i) => from + i * width),
    before: count(left),
    after: after ? count(right) : null,
    zero: before.min.length - left.length,
  };
}

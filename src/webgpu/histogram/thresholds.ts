import { floatOfKey, keyOfFloat } from '../channelStats/orderedKey';
import type { Bins } from './kernel';

/*
 * The division that finds a bin is exact to the bit in JavaScript and PyTorch, but may be off by some units in the
 * last place on a GPU. Its result grows with the value, so each bin has a smallest value; compared with those as
 * integers (the ordered keys of channelStats), every device finds the same bin.
 */

/**
 * `bins + 1` ordered keys: the smallest value of each bin, and the first value past `high`. Bins that no float32
 * falls into begin where the next one does.
 */
export function binThresholds(edges: Bins): Int32Array {
  const { low, high, bins } = edges;
  const thresholds = new Int32Array(bins + 1);
  const last = keyOfFloat(high);
  let from = keyOfFloat(low);
  thresholds[0] = from;
  for (let bin = 1; bin < bins; bin++) {
    from = firstKey(edges, bin, from, last);
    thresholds[bin] = from;
  }
  thresholds[bins] = last + 1;
  return thresholds;
}

/** The bin of a value between the edges, as the reference computes it. */
function binOf({ low, high, bins }: Bins, value: number): number {
  const { fround } = Math;
  const bin = Math.floor(fround(fround(fround(value - low) / fround(high - low)) * bins));
  return Math.min(bin, bins - 1);
}

/** The smallest key in `from…last` whose value falls into `bin` or behind it; `last` does. */
function firstKey(edges: Bins, bin: number, from: number, last: number): number {
  let low = from;
  let high = last;
  const probe = (key: number): void => {
    if (key < low || key >= high) return;
    if (binOf(edges, floatOfKey(key)) >= bin) high = key;
    else low = key + 1;
  };
  // Nearly always the answer is some units in the last place away from where exact arithmetic puts it.
  const guess = keyOfFloat(edges.low + ((edges.high - edges.low) * bin) / edges.bins);
  for (const distance of [1, 16, 4096]) {
    probe(guess - distance);
    probe(guess + distance);
  }
  while (low < high) probe(low + Math.floor((high - low) / 2));
  return low;
}

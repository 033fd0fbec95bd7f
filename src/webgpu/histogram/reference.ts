import type { Bins } from './kernel';

/**
 * What the kernel computes, in the plainest way: `torch.histc` in float32 (aten/src/ATen/native/cpu/
 * HistogramKernel.cpp). Value x falls into bin `⌊(x − low) / (high − low) · bins⌋`, `high` itself into the last one;
 * what lies outside, NaN and ±∞ are left out.
 */
export function histogramReference(x: Float32Array, { low, high, bins }: Bins): Int32Array {
  const counts = new Int32Array(bins);
  const { fround } = Math;
  for (const value of x) {
    if (!(value >= low && value <= high)) continue;
    const bin = Math.floor(fround(fround(fround(value - low) / fround(high - low)) * bins));
    const at = Math.min(bin, bins - 1);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

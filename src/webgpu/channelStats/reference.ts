import type { ChannelRanges } from './channelStats';

/**
 * What the kernel computes, in the plainest way: x is `[outer, channels, inner]`. Written apart from the kernels
 * (float comparisons, one channel after the other) so that a test against it means something.
 */
export function channelStatsReference(
  x: Float32Array,
  outer: number,
  channels: number,
  inner: number,
): ChannelRanges {
  const min = new Float32Array(channels).fill(Number.POSITIVE_INFINITY);
  const max = new Float32Array(channels).fill(Number.NEGATIVE_INFINITY);
  const nonFinite = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        const value = x[(o * channels + c) * inner + i] ?? Number.NaN;
        if (!Number.isFinite(value)) nonFinite[c] = (nonFinite[c] ?? 0) + 1;
        else {
          if (isBelow(value, min[c] ?? 0)) min[c] = value;
          if (isBelow(max[c] ?? 0, value)) max[c] = value;
        }
      }
    }
  }
  return { min, max, nonFinite };
}

/** a < b, with −0 below +0. */
const isBelow = (a: number, b: number): boolean =>
  a < b || (a === 0 && b === 0 && Object.is(a, -0) && Object.is(b, 0));

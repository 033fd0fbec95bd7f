import type { ChannelRange } from './scale';

/** What PyTorch's detector says of a layer, from ranges alone. */
export interface RangeStatistic {
  /** `s_c` of each channel; NaN for a channel without any range in the input. */
  readonly values: Float32Array;
  /** The share of channels for which the detector recommends equalization. */
  readonly share: number;
  /** Whether that share is large enough for the layer. */
  readonly isRecommended: boolean;
}

/** ModelReport's usual threshold for a channel, and its own share of channels for a layer. */
const CHANNEL_THRESHOLD = 0.5;
const LAYER_SHARE = 0.4;

/**
 * The comparison statistic of PyTorch's InputWeightEqualizationDetector (torch/ao/quantization/fx/_model_report/detector.py,
 * 1.13.1),
 *
 *     s_c = sqrt(w_c / W) / sqrt(i_c / I)
 *
 * in float32, with w_c and i_c the ranges of the channel's weight column and input, W and I those over all channels. A channel is
 * recommended when `0.5 ≤ s_c ≤ 2` (so the code; its documentation says the opposite), a layer when at least 40 % of its
 * channels are. Null where the whole input or weight has no range, which PyTorch refuses.
 */
export function rangeStatistic(input: ChannelRange, weight: ChannelRange): RangeStatistic | null {
  const [allInput, allWeight] = [overall(input), overall(weight)];
  if (!(allInput > 0 && allWeight > 0)) return null;
  const values = input.min.map((_, c) => {
    const [w, i] = [Math.fround(rangeOf(weight, c) / allWeight), Math.fround(rangeOf(input, c) / allInput)];
    return Math.fround(Math.sqrt(w)) / Math.fround(Math.sqrt(i));
  });
  const recommended = values.filter((s) => s >= CHANNEL_THRESHOLD && s <= 1 / CHANNEL_THRESHOLD).length;
  const share = recommended / values.length;
  return { values, share, isRecommended: share >= LAYER_SHARE };
}

const rangeOf = ({ min, max }: ChannelRange, c: number): number => Math.fround((max[c] ?? 0) - (min[c] ?? 0));

function overall({ min, max }: ChannelRange): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of min) least = Math.min(least, value);
  for (const value of max) most = Math.max(most, value);
  return Math.fround(most - least);
}

import type { Semantics } from '../quant/semantics';

/** Smallest and largest value of each channel. */
export interface ChannelRange {
  readonly min: Float32Array;
  readonly max: Float32Array;
}

/** Why a channel keeps scale 1. */
export type NeutralReason = 'zero-input-range' | 'zero-weight-range' | 'non-finite' | 'out-of-range';

export interface EqualizationScale {
  /** One positive finite factor per channel. */
  readonly values: Float32Array;
  /** Channels that were given 1, and why. */
  readonly neutral: readonly { readonly channel: number; readonly reason: NeutralReason }[];
}

/** The scale that changes nothing. */
export const unitScale = (channels: number): EqualizationScale => ({
  values: new Float32Array(channels).fill(1),
  neutral: [],
});

/** Scales beyond 2^±63 would carry ordinary values out of float32's normal range; PyTorch refuses 0 and infinity alone. */
export const SCALE_LIMITS: { readonly [S in Semantics]: readonly [smallest: number, largest: number] } = {
  exact: [2 ** -63, 2 ** 63],
  pytorch: [Number.MIN_VALUE, Number.MAX_VALUE],
};

/**
 * `s_c = sqrt((max W_c − min W_c) / (max x_c − min x_c))`, in float32, for each input column c
 * (torch/ao/quantization/fx/_equalize.py, `calculate_equalization_scale`). The input is multiplied by s and the
 * weight's columns are divided by it, so both end with the range `sqrt(range W_c · range x_c)`.
 *
 * A column gets 1 when either range is zero (constant input, dead weight column), when the data was not finite, or
 * when the scale would leave float32's comfortable range, which PyTorch does not mind. `nonFinite` counts NaN and ±Inf per channel, or is null.
 */
export function calculateEqualizationScale(
  input: ChannelRange,
  weight: ChannelRange,
  nonFinite: ArrayLike<number> | null = null,
  semantics: Semantics = 'exact',
): EqualizationScale {
  const channels = input.min.length;
  const values = new Float32Array(channels);
  const neutral: { channel: number; reason: NeutralReason }[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const inputRange = Math.fround((input.max[channel] ?? 0) - (input.min[channel] ?? 0));
    const weightRange = Math.fround((weight.max[channel] ?? 0) - (weight.min[channel] ?? 0));
    const scale = Math.fround(Math.sqrt(Math.fround(weightRange / inputRange)));
    const finite = (nonFinite?.[channel] ?? 0) === 0;
    const reason = neutralReason(inputRange, weightRange, scale, finite, SCALE_LIMITS[semantics]);
    if (reason) neutral.push({ channel, reason });
    values[channel] = reason ? 1 : scale;
  }
  return { values, neutral };
}

/** A positive quantity of each class of channels, and the power to which it counts. */
interface Powered {
  readonly value: Float32Array;
  readonly power: number;
}

/**
 * `above ^ p / below ^ q` for each class of channels, in float32. A class gets 1 where a quantity that counts is zero
 * or not finite, its data was not finite, or the scale would leave float32's comfortable range.
 */
export function powerScale(above: Powered, below: Powered, nonFinite: ArrayLike<number>): EqualizationScale {
  const values = new Float32Array(below.value.length);
  const neutral: { channel: number; reason: NeutralReason }[] = [];
  values.forEach((_, channel) => {
    const [weight, input] = [above.value[channel] ?? 0, below.value[channel] ?? 0];
    const scale = Math.fround(weight ** above.power / input ** below.power);
    const reason = neutralReason(input, weight, scale, nonFinite[channel] === 0, SCALE_LIMITS.exact);
    if (reason) neutral.push({ channel, reason });
    values[channel] = reason ? 1 : scale;
  });
  return { values, neutral };
}

function neutralReason(
  input: number,
  weight: number,
  scale: number,
  finite: boolean,
  [smallest, largest]: readonly [number, number],
): NeutralReason | null {
  if (!finite || !Number.isFinite(input) || !Number.isFinite(weight)) return 'non-finite';
  if (input <= 0) return 'zero-input-range';
  if (weight <= 0) return 'zero-weight-range';
  return scale >= smallest && scale <= largest ? null : 'out-of-range';
}

/** Ranges of channels, and which class each channel belongs to (−1 for none). */
export interface ClassedRange {
  readonly range: ChannelRange;
  readonly classes: Int32Array;
}

/** The widest range of each class of channels over several tensors, from the smallest minimum on. */
export function widestRange(classes: number, tensors: readonly ClassedRange[]): ChannelRange {
  const min = new Float32Array(classes);
  const max = new Float32Array(classes);
  const seen = new Uint8Array(classes);
  for (const { range, classes: classOf } of tensors) {
    classOf.forEach((k, c) => {
      if (k < 0) return;
      const widest = (max[k] ?? 0) - (min[k] ?? 0);
      const width = (range.max[c] ?? 0) - (range.min[c] ?? 0);
      // A range that is not a number stays, so that its column is reported.
      if (seen[k] && (Number.isNaN(widest) || width <= widest)) return;
      seen[k] = 1;
      min[k] = range.min[c] ?? 0;
      max[k] = range.max[c] ?? 0;
    });
  }
  return { min, max };
}

/** Of factors per class, those of the channels of one tensor; 1 for a channel of no class. */
export const factorsOf = (values: Float32Array, classes: Int32Array): Float32Array =>
  Float32Array.from(classes, (k) => values[k] ?? 1);

/** A scale per class as one per channel. */
export function scaleOf({ values, neutral }: EqualizationScale, classes: Int32Array): EqualizationScale {
  const reasons = new Map(neutral.map(({ channel, reason }) => [channel, reason]));
  return {
    values: factorsOf(values, classes),
    neutral: [...classes].flatMap((k, channel) => {
      const reason = reasons.get(k);
      return reason ? [{ channel, reason }] : [];
    }),
  };
}

/** The range of `scale · x` per channel. */
export const scaleRange = (range: ChannelRange, scale: Float32Array): ChannelRange => ({
  min: range.min.map((value, c) => value * (scale[c] ?? 1)),
  max: range.max.map((value, c) => value * (scale[c] ?? 1)),
});

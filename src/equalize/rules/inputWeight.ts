import { type ChannelRange, calculateEqualizationScale } from '../scale';
import { type ScaleRule, short } from './scaleRule';

const difference = (high: number, low: number): string =>
  `${short(high)} − ${low < 0 ? `−${short(-low)}` : short(low)}`;

/** The formula with the numbers of one column. */
export function inputWeightText(input: ChannelRange, weight: ChannelRange, k: number): string {
  const above = difference(weight.max[k] ?? 0, weight.min[k] ?? 0);
  const below = difference(input.max[k] ?? 0, input.min[k] ?? 0);
  return `sqrt((${above}) / (${below}))`;
}

/**
 * Input-weight equalization: `s_c = sqrt((max W_c − min W_c) / (max x_c − min x_c))`, so that input and weight column
 * end with the same range (torch/ao/quantization/fx/_equalize.py, `calculate_equalization_scale`). Guards and
 * degenerate columns: `scale.ts`.
 */
export const inputWeight: ScaleRule = {
  title: 'input-weight',
  scale: ({ input, weight, nonFinite }) => calculateEqualizationScale(input, weight, nonFinite),
  text: ({ input, weight }, k) => inputWeightText(input, weight, k),
};

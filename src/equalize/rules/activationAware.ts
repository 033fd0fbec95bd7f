import { powerScale } from '../scale';
import { type ScaleRule, short } from './scaleRule';

/**
 * The scales that AWQ searches (Lin et al. 2024, "AWQ: Activation-aware Weight Quantization", equation 5): weight columns
 * grow with their input's size, `max|x_c|^α` for α in 0…1, and nothing is asked of the weight. The paper takes the mean
 * |x|; calibration keeps ranges, so the largest |x| stands in its place:
 *
 *     s_c = 1 / max|x_c|^α
 *
 * A column whose input is all zero keeps 1.
 */
export const activationAware = (alpha: number): ScaleRule => ({
  title: `AWQ, α = ${short(alpha)}`,
  scale: ({ inputMax, weightMax, nonFinite }) =>
    powerScale({ value: weightMax, power: 0 }, { value: inputMax, power: alpha }, nonFinite),
  text: ({ inputMax }, k) => `1 / ${short(inputMax[k] ?? 0)}^${short(alpha)}`,
});

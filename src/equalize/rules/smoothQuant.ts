import { powerScale } from '../scale';
import { type ScaleRule, short } from './scaleRule';

/**
 * SmoothQuant (Xiao et al. 2023, "SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language
 * Models", equation 4): the input is divided by `max|x_c|^α / max|W_c|^(1−α)`. Here the input is multiplied, so
 *
 *     s_c = max|W_c|^(1−α) / max|x_c|^α
 *
 * α says how much of the difficulty moves from the input to the weight: 0 evens out the weight's columns alone, 1 the
 * input's; the paper's default is 0.5. Several weights that read the same input count with their largest column, as in
 * the paper. A column whose input or weight is all zero keeps 1, as do those that `scale.ts` guards.
 */
export const smoothQuant = (alpha: number): ScaleRule => ({
  title: `SmoothQuant, α = ${short(alpha)}`,
  scale: ({ inputMax, weightMax, nonFinite }) =>
    powerScale({ value: weightMax, power: 1 - alpha }, { value: inputMax, power: alpha }, nonFinite),
  text: ({ inputMax, weightMax }, k) =>
    `${short(weightMax[k] ?? 0)}^${short(1 - alpha)} / ${short(inputMax[k] ?? 0)}^${short(alpha)}`,
});

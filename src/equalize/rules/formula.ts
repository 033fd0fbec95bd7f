import { short } from './scaleRule';

/**
 * `s[3] = sqrt(…) = 0.21`: the formula with the numbers of the scale that is farthest from 1. `text` fills in the numbers
 * of scale k; `classes` says which scale each channel has, where channels share them.
 */
export function formulaText(
  values: Float32Array,
  text: (k: number) => string,
  classes: Int32Array | null = null,
): string {
  let farthest = 0;
  values.forEach((value, k) => {
    if (Math.abs(Math.log(value)) > Math.abs(Math.log(values[farthest] ?? 1))) farthest = k;
  });
  const label = classes ? classes.indexOf(farthest) : farthest;
  return `s[${label}] = ${text(farthest)} = ${short(values[farthest] ?? 1)}`;
}

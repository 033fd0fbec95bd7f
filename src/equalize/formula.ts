import type { ChannelRange, EqualizationScale } from './scale';

const short = (value: number): string => String(Number(value.toPrecision(3)));
const difference = (high: number, low: number): string =>
  `${short(high)} − ${low < 0 ? `−${short(-low)}` : short(low)}`;

/**
 * The formula with the numbers of the column whose scale is farthest from 1. Where columns share scales, `classes` says
 * which scale each column has.
 */
export function formulaText(
  scale: EqualizationScale,
  input: ChannelRange,
  weight: ChannelRange,
  classes?: Int32Array,
): string {
  let column = 0;
  scale.values.forEach((value, c) => {
    if (Math.abs(Math.log(value)) > Math.abs(Math.log(scale.values[column] ?? 1))) column = c;
  });
  const above = difference(weight.max[column] ?? 0, weight.min[column] ?? 0);
  const below = difference(input.max[column] ?? 0, input.min[column] ?? 0);
  const label = classes ? classes.indexOf(column) : column;
  return `s[${label}] = sqrt((${above}) / (${below})) = ${short(scale.values[column] ?? 1)}`;
}

import type { PlotPlace } from './Plot';

/*
 * What pointer and keys do to a plot of scales, without the plot.
 */

/** How far from a mark the pointer still takes it, in pixels. */
const REACH = 12;

/** The column whose mark is nearest to the pointer; where none is in reach, the one under it. */
export function columnAt({ x, y, xPerPixel, yPerPixel }: PlotPlace, logs: ArrayLike<number>): number {
  const reach = Math.ceil(REACH * xPerPixel);
  const under = Math.min(logs.length - 1, Math.max(0, Math.round(x)));
  let [nearest, least] = [under, REACH];
  for (let column = Math.max(0, under - reach); column <= under + reach && column < logs.length; column++) {
    const log = logs[column] ?? Number.NaN;
    const distance = Math.hypot((column - x) / xPerPixel, (log - y) / yPerPixel);
    if (distance < least) [nearest, least] = [column, distance];
  }
  return nearest;
}

/** Four digits are as exact as a scale set by hand needs to be. */
export const roundScale = (value: number): number => Number(value.toPrecision(4));

/** The column after an arrow, Home or End; null for another key. */
export function columnAfter(key: string, column: number, columns: number): number | null {
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, column - 1);
    case 'ArrowRight':
      return Math.min(columns - 1, column + 1);
    case 'Home':
      return 0;
    case 'End':
      return columns - 1;
    default:
      return null;
  }
}

const STEP = 1.05;
const SMALL_STEP = 1.01;

/** The scale after an arrow up or down; null for another key. */
export function scaleAfter(key: string, isSmall: boolean, scale: number): number | null {
  const step = isSmall ? SMALL_STEP : STEP;
  if (key === 'ArrowUp') return scale * step;
  return key === 'ArrowDown' ? scale / step : null;
}

import type { ChannelRange } from '../equalize/scale';

/** Below this share of the widest column, a column is dead: float32 cannot tell it from zero beside the others. */
const DEAD_SHARE = 2 ** -24;

/**
 * The ranges (max − min) of the columns that count: finite, not zero, not dead beside the widest, not in `leftOut`.
 * Weight decay leaves columns of 1e-23 behind pixels that are always black; they would squeeze every other column
 * of a plot into one bin.
 */
export function liveWidths(range: ChannelRange, leftOut: ReadonlySet<number> = new Set()): readonly number[] {
  const widths = Array.from(range.min, (low, c) => (leftOut.has(c) ? 0 : (range.max[c] ?? 0) - low));
  const finite = widths.filter(Number.isFinite);
  const widest = finite.reduce((a, b) => Math.max(a, b), 0);
  return finite.filter((width) => width > 0 && width >= widest * DEAD_SHARE);
}

/**
 * The widest column over the narrowest live one: 1 is perfectly equal. Null without a column to measure. Every view asks for
 * it, of every layer: it makes no list of the columns.
 */
export function rangeRatio(
  { min, max }: ChannelRange,
  leftOut: ReadonlySet<number> = new Set(),
): number | null {
  const widthOf = (c: number): number =>
    leftOut.size > 0 && leftOut.has(c) ? 0 : (max[c] ?? 0) - (min[c] ?? 0);
  let widest = 0;
  for (let c = 0; c < min.length; c++) {
    const width = widthOf(c);
    if (width > widest && width < Number.POSITIVE_INFINITY) widest = width;
  }
  let narrowest = Number.POSITIVE_INFINITY;
  for (let c = 0; c < min.length; c++) {
    const width = widthOf(c);
    if (width > 0 && width >= widest * DEAD_SHARE && width < narrowest) narrowest = width;
  }
  return widest === 0 ? null : widest / narrowest;
}

/** Columns whose input is constant or was never finite: equalization has nothing to balance there. */
export function constantColumns(input: ChannelRange | null): ReadonlySet<number> {
  const columns = new Set<number>();
  input?.min.forEach((low, c) => {
    if (!((input.max[c] ?? 0) - low > 0)) columns.add(c);
  });
  return columns;
}

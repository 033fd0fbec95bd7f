import type { Ranges } from '../../src/index';

/**
 * Largest column range (max − min) over the smallest that is above zero. Columns of zero range or with a bound
 * that is not finite do not count; null when no column is left.
 */
export function rangeRatio({ min, max }: Ranges): number | null {
  const widths = Array.from(max, (bound, column) => bound - (min[column] ?? Number.NaN));
  return valueRatio(widths);
}

/** Largest over smallest of the values that are finite and above zero; null when there is none. */
export function valueRatio(values: ArrayLike<number>): number | null {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value) || value <= 0) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most > 0 ? most / least : null;
}

import type { Ranges } from '../../../src/index';

/** max − min of each column; NaN where a bound is not finite. */
export const widthsOf = ({ min, max }: Ranges): Float64Array =>
  Float64Array.from(max, (bound, column) => {
    const width = bound - (min[column] ?? Number.NaN);
    return Number.isFinite(width) ? width : Number.NaN;
  });

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => (value > most ? value : most), 0);

/**
 * What equalization gained each column, in bits: how much more of the tensor's range, on which the grid lies, the column
 * fills. `log2((after / widest after) / (before / widest before))`; NaN of a column without a range.
 */
export function gainInBits(before: Ranges, after: Ranges): Float64Array {
  const [early, late] = [widthsOf(before), widthsOf(after)];
  const [most, mostLater] = [largest(early), largest(late)];
  return early.map((width, column) => {
    const gain = Math.log2((late[column] ?? Number.NaN) / mostLater / (width / most));
    return Number.isFinite(gain) ? gain : Number.NaN;
  });
}

/** Indices by falling value; equal ones keep their order, NaN comes last. Null: as they are. */
export function orderBy(values: ArrayLike<number> | null, length: number): Int32Array {
  const order = Int32Array.from({ length }, (_, index) => index);
  if (values === null) return order;
  const key = (index: number) => {
    const value = values[index] ?? Number.NaN;
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  return order.sort((a, b) => (key(a) === key(b) ? a - b : key(b) - key(a)));
}

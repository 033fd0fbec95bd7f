/** Smallest and largest finite value of a tensor; +∞ and −∞ when there is none. */
export interface TensorRange {
  readonly min: number;
  readonly max: number;
}

/** The range of nothing: what an observer holds before it has seen a value. */
export const EMPTY_RANGE: TensorRange = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };

export const isEmptyRange = ({ min, max }: TensorRange): boolean =>
  min === Number.POSITIVE_INFINITY && max === Number.NEGATIVE_INFINITY;

export const unitedRange = (a: TensorRange, b: TensorRange): TensorRange => ({
  min: Math.min(a.min, b.min),
  max: Math.max(a.max, b.max),
});

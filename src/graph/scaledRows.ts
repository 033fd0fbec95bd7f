import type { FloatTensor, Tensor } from './tensor';

/*
 * A tensor that is another one with its rows multiplied: who knows what it is made of can do what it is wanted for (its
 * ranges, a copy of it on the device) without making its data first. Memory that nobody has used yet is what takes the most
 * time of that: ten times as long as reading, multiplying and writing.
 */

/**
 * What the rows of a tensor are multiplied with: each by a factor, or by one factor for each of its numbers, which are other
 * ones in each group of rows.
 */
export type RowsScaling =
  | { readonly by: 'row'; readonly factors: Float32Array }
  | { readonly by: 'column'; readonly factors: Float32Array; readonly groups: number };

/** `origin`, multiplied by one scaling behind the other, each product rounded to float32. */
export interface ScaledRows {
  readonly origin: FloatTensor;
  readonly scalings: readonly RowsScaling[];
}

const recipes = new WeakMap<Tensor, ScaledRows>();

export function noteScaledRows(tensor: Tensor, recipe: ScaledRows): void {
  recipes.set(tensor, recipe);
}

/** What a tensor is made of, where its data is made when it is asked for; null for any other. */
export const scaledRowsOf = (tensor: Tensor): ScaledRows | null => recipes.get(tensor) ?? null;

/** Neighbouring rows which share their factors of columns. */
export interface RowsPart {
  readonly from: number;
  readonly until: number;
  /** One factor for each column of these rows, or one for each of these rows. */
  readonly scalings: readonly { readonly by: 'column' | 'row'; readonly factors: Float32Array }[];
}

/** The row with which each of so many groups begins. */
export const groupStarts = (rows: number, groups: number): readonly number[] =>
  Array.from({ length: groups }, (_, group) => Math.ceil((group * rows) / groups));

/** The parts of so many rows, each of so many numbers, in order; `within` are further rows with which a part must begin. */
export function partsOf(
  scalings: readonly RowsScaling[],
  rows: number,
  rowSize: number,
  within: readonly number[] = [],
): readonly RowsPart[] {
  const starts = new Set([
    0,
    ...within,
    ...scalings.flatMap((scaling) => (scaling.by === 'column' ? groupStarts(rows, scaling.groups) : [])),
  ]);
  const bounds = [...starts, rows].sort((a, b) => a - b);
  return bounds.slice(1).map((until, i) => {
    const from = bounds[i] ?? 0;
    return { from, until, scalings: scalings.map((scaling) => ofRows(scaling, rows, rowSize, from, until)) };
  });
}

/** For rows of one group. */
function ofRows(
  scaling: RowsScaling,
  rows: number,
  rowSize: number,
  from: number,
  until: number,
): RowsPart['scalings'][number] {
  const { by, factors } = scaling;
  if (by === 'row') return { by, factors: factors.subarray(from, until) };
  const group = Math.floor((from * scaling.groups) / rows);
  return { by, factors: factors.subarray(group * rowSize, (group + 1) * rowSize) };
}

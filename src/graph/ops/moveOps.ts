import type { Extent } from '../sizes';

/** Ops that compute nothing: elements get another place, or some of them are taken. */
export interface MoveOps {
  flatten: { readonly startDim: number; readonly endDim: number };
  /** A shape of numbers and of sizes, which operands behind the first give. */
  reshape: { readonly shape: readonly Extent[] };
  transpose: { readonly dim0: number; readonly dim1: number };
  /** `order[i]` is the input's axis that becomes axis i. */
  permute: { readonly order: readonly number[] };
  /** Without the given axes as far as their size is 1, or without all such axes (null). */
  squeeze: { readonly dims: readonly number[] | null };
  unsqueeze: { readonly dim: number };
  /** Of all operands, along one axis. */
  cat: { readonly dim: number };
  /** All operands, along a new axis. */
  stack: { readonly dim: number };
  /** Part `part` (from the end where negative) of an axis that is cut into several. */
  split: { readonly dim: number; readonly part: number; readonly cut: Cut };
  /** Axes of length 1 are repeated, new ones go in front; -1 keeps an axis as it is. */
  expand: { readonly shape: readonly Extent[] };
  /** The whole tensor several times along each axis, of which missing ones go in front. */
  repeat: { readonly repeats: readonly Extent[] };
  /** The given axes, turned round. */
  flip: { readonly dims: readonly number[] };
  /** Moved along axes, what leaves at the end coming in at the front; of a flat view where there are no `dims`. */
  roll: { readonly shifts: readonly number[]; readonly dims: readonly number[] };
  /** `x[…]` with numbers and sizes, one part per axis from the first. */
  getitem: { readonly index: readonly IndexPart[] };
  /** `y[i][j] = x[index[i][j]][j]` for dim 0: the second operand has an index for each element of the output. */
  gather: { readonly dim: number };
  /** Entries of an axis: those of a list, or of the second operand (null), whose axes take the place of that one. */
  index_select: { readonly dim: number; readonly index: readonly number[] | null };
  /** Of the last two axes what lies on and above (`upper`) or below a diagonal; 0 elsewhere. */
  trilu: { readonly upper: boolean; readonly diagonal: number };
}

/** How an axis is cut: into parts of one size (the last one may be smaller), of listed sizes, or a number of them. */
export type Cut =
  | { readonly kind: 'each'; readonly size: Extent }
  | { readonly kind: 'sizes'; readonly sizes: readonly Extent[] }
  | { readonly kind: 'chunks'; readonly count: number };

/** What an index says of one axis (`'new'` makes one, `'rest'` takes as many whole axes as the others leave). */
export type IndexPart =
  | { readonly kind: 'at'; readonly position: Extent }
  | {
      readonly kind: 'slice';
      readonly start: Extent | null;
      readonly stop: Extent | null;
      readonly step: number;
    }
  | { readonly kind: 'new' }
  | { readonly kind: 'rest' };

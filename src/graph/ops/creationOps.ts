import type { Extent } from '../sizes';

/** Ops that make a tensor out of numbers. */
export interface CreationOps {
  /** `start, start + step, …` below `end`. */
  arange: {
    readonly start: Extent;
    readonly end: Extent;
    readonly step: Extent;
    readonly dtype: 'float32' | 'int32';
  };
  /** One number everywhere. */
  full: {
    readonly shape: readonly Extent[];
    readonly value: Extent;
    readonly dtype: 'float32' | 'int32' | 'bool';
  };
  /** A new last axis of `classes` numbers: 1 at the place that the operand holds, 0 elsewhere. */
  one_hot: { readonly classes: number };
}

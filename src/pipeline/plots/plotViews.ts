import type { ValueCounts } from '../../exec/valueCounts';
import type { ObserverView } from '../views';

/* What the page's plots are drawn from: plain data. */

export type { ValueCounts } from '../../exec/valueCounts';

/** How a tensor stands to the selected node. */
export type TensorRole = 'observed' | 'input' | 'output' | 'weight';

/** The integers that a tensor is quantized to. */
export interface GridView {
  readonly quantMin: number;
  readonly quantMax: number;
  /** Null where each row of a weight has its own. */
  readonly qparams: Pick<ObserverView, 'scale' | 'zeroPoint'> | null;
}

/** The values of a tensor at one moment. */
export interface CountedValues {
  readonly counts: ValueCounts;
  /** Null where the tensor is not quantized. */
  readonly grid: GridView | null;
}

export interface ValueHistogram {
  readonly before: CountedValues;
  /** After equalization; null before it has run, and where the tensor is gone. */
  readonly after: CountedValues | null;
}

/** A tensor whose values can be counted. */
export interface TensorView {
  /** An observer's node, or the layer whose weight it is. */
  readonly node: string;
  readonly role: TensorRole;
  /** What was counted of it; null before it was. */
  readonly histogram: ValueHistogram | null;
}

/** The tensors about a node, and why there is none. */
export interface TensorsView {
  readonly tensors: readonly TensorView[];
  readonly reason: string | null;
}

/** A part of a matrix; the ends are not in it. */
export interface MatrixWindow {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

/**
 * A layer's weight `[out, in / groups, …kernel]` as a matrix `[out, in / groups · kernel]`, in cells: each has the entry of
 * largest magnitude of its part of the window, with its sign.
 */
export interface WeightMap {
  readonly layer: string;
  /** Of the whole matrix. */
  readonly rows: number;
  readonly columns: number;
  /** Columns of one input channel; more than 1 of convolutions. */
  readonly taps: number;
  readonly window: MatrixWindow;
  readonly cellRows: number;
  readonly cellColumns: number;
  readonly before: Float32Array;
  readonly after: Float32Array | null;
  /** after − before, entry by entry. */
  readonly difference: Float32Array | null;
  /** The largest finite magnitude in the whole matrices, before and after; and in their difference. */
  readonly most: number;
  readonly mostDifference: number;
}

/** At most so many cells. */
export interface MapSize {
  readonly rows: number;
  readonly columns: number;
}

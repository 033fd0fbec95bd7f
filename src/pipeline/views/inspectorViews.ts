import type { StepName } from '../settings';
import type { LayerView } from './tableViews';

/* What the inspector shows of one node. */

/** A tensor's column ranges. */
export interface Ranges {
  readonly min: Float32Array;
  readonly max: Float32Array;
}
export interface BeforeAfter {
  readonly before: Ranges;
  readonly after: Ranges | null;
}

/** A scale that the user set, as it reaches a layer. */
export interface ScaleEdit {
  /** The layer's own column. */
  readonly column: number;
  readonly value: number;
  /** Where it was set: at a layer that shares the scale, or at the layer itself; and at which column of that. */
  readonly layer: string;
  readonly at: number;
}

/** Histogram of column ranges (max − min) on a log10 axis, same bins before and after. */
export interface RangeHistogram {
  /** bins + 1 edges, log10 of the range. */
  readonly edges: Float32Array;
  readonly before: Uint32Array;
  readonly after: Uint32Array | null;
  /** Columns of zero or unknown range, which have no place on a log axis. */
  readonly zero: number;
}

/** What the inspector shows of one node at one step. */
export interface NodeDetails {
  readonly name: string;
  readonly step: StepName;
  readonly line: string;
  readonly opcode: string;
  readonly type: string;
  readonly target: string;
  readonly shape: string;
  /** The module's or call's attributes, to be listed. */
  readonly attributes: readonly (readonly [string, string])[];
  readonly inputs: readonly string[];
  readonly users: readonly string[];
  /** Set when the node is a layer. */
  readonly layer: LayerView | null;
  /** Column ranges of the layer's input, or of the observed tensor for an observer. */
  readonly input: BeforeAfter | null;
  readonly inputHistogram: RangeHistogram | null;
  /** Column ranges of the layer's weight. */
  readonly weight: BeforeAfter | null;
  readonly weightHistogram: RangeHistogram | null;
  /** Equalization scale per input column. */
  readonly scale: Float32Array | null;
  /** Of a layer: the scales set by hand that count for it, by column. */
  readonly scaleEdits: readonly ScaleEdit[];
  /** Of a layer: how many columns can be given a scale by hand; null where none can. */
  readonly scaleColumns: number | null;
  /** The observer's per-tensor range and quantization parameters, before and after equalization. */
  readonly observer: {
    readonly before: ObserverView;
    readonly after: ObserverView | null;
  } | null;
}
export interface ObserverView {
  readonly min: number;
  readonly max: number;
  readonly scale: number;
  readonly zeroPoint: number;
}

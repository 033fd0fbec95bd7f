import type { StepName } from './settings';

/*
 * What the page knows of the other semantics: plain data, as in `views`.
 */

/** One place where the two semantics part, each side in a sentence. */
export interface SemanticsDifference {
  readonly node: string;
  /** Nodes that stand for the same place in other steps: the quantize op that replaces an observer. */
  readonly also: readonly string[];
  /** The layer whose figures stand for this place: the node itself, or the layer that reads or makes its value. */
  readonly layer: string | null;
  readonly exact: string;
  readonly pytorch: string;
}

/** A step that refuses the model: in PyTorch's semantics the meaning of PyTorch's own error. */
export interface StepError {
  readonly step: StepName;
  readonly message: string;
  /** The node at fault. */
  readonly node: string | null;
}

export interface LayerFigures {
  /** The layer's output in the equalized float model against the loaded one. */
  readonly maxRelError: number | null;
  /** dB, the layer's output in the equalized int8 model against the float model. */
  readonly sqnr: number | null;
}

/** How one semantics does, on the calibration data; null where it stops. */
export interface SemanticsFigures {
  /** The equalized float model against the loaded one: largest error over the largest output. */
  readonly maxRelError: number | null;
  /** dB, output of the equalized int8 model against the float model. */
  readonly sqnr: number | null;
  /** Of the layers beside the differences, by name. */
  readonly layers: Readonly<Record<string, LayerFigures>>;
  readonly error: StepError | null;
}

/** What both semantics make of the same model, data and settings. */
export interface SemanticsComparison {
  readonly differences: readonly SemanticsDifference[];
  readonly exact: SemanticsFigures;
  readonly pytorch: SemanticsFigures;
  readonly ms: number;
}

/** The comparison, or why there is none: it was cancelled, or the device failed. The steps stand either way. */
export type ComparisonOutcome =
  | { readonly kind: 'compared'; readonly comparison: SemanticsComparison }
  | { readonly kind: 'stopped'; readonly reason: string };

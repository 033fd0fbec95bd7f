import type { EqualizeResult } from '../equalize/equalization';
import type { Comparison } from '../exec/comparison';
import type { Change } from '../graph/change';
import type { GraphError } from '../graph/errors';
import type { Model } from '../graph/model';
import type { ObservedModel } from '../quant/observer';
import type { SearchResult } from '../search/searchPlans';
import type { ComparisonOutcome } from './comparisonView';
import type { ProvenRegion } from './provenRegions';
import type { StepName } from './settings';

interface SnapshotOf<S extends StepName, M extends Model> {
  readonly step: S;
  /** The model after this step: what the page draws and the text export prints. */
  readonly model: M;
  readonly changes: readonly Change[];
  readonly ms: number;
  readonly summary: string;
  readonly warning: string | null;
  readonly failed: boolean;
}

export type LoadSnapshot = SnapshotOf<'load', Model>;
export interface PrepareSnapshot extends SnapshotOf<'prepare', ObservedModel> {
  /** The model after fusion and before observers: what equalization decides on. */
  readonly fused: Model;
}
export interface CalibrateSnapshot extends SnapshotOf<'calibrate', ObservedModel> {
  readonly samples: number;
  readonly batches: number;
}
export interface EqualizeSnapshot extends SnapshotOf<'equalize', ObservedModel> {
  readonly result: EqualizeResult;
  /** What the method `auto` tried; null without it. */
  readonly search: SearchResult | null;
  /** Float model before against after, on calibration data. */
  readonly verification: Comparison;
  /** The same at the layers of each region. */
  readonly regions: readonly ProvenRegion[];
  /** What comparing the two took of the step's time, in ms. */
  readonly proofMs: number;
  /** The comparison shows more than rounding: whoever exports this model must know. */
  readonly functionChanged: boolean;
}
/** A graph that `convert` made, with its rewrites of the equalized one. */
export interface FormSnapshot {
  readonly model: Model;
  readonly changes: readonly Change[];
}
/** PyTorch's reference and lowered form; the error where it has no lowered one. */
export interface Forms {
  readonly reference: FormSnapshot;
  readonly lowered: FormSnapshot | GraphError;
}
/** `model` and `changes` are the lowered form's, else the reference form's. */
export interface ConvertSnapshot extends SnapshotOf<'convert', Model> {
  readonly forms: Forms;
  readonly outputs: { readonly plain: Comparison; readonly equalized: Comparison };
  /** By Linear node: its output in the int8 model against the float model. */
  readonly layers: {
    readonly plain: ReadonlyMap<string, Comparison>;
    readonly equalized: ReadonlyMap<string, Comparison>;
  };
  readonly accuracy: { readonly float: number; readonly plain: number; readonly equalized: number } | null;
}

/** The finished steps of one run. Each is immutable; a later step never changes an earlier one. */
export interface Snapshots {
  readonly load: LoadSnapshot;
  readonly prepare?: PrepareSnapshot;
  readonly calibrate?: CalibrateSnapshot;
  readonly equalize?: EqualizeSnapshot;
  readonly convert?: ConvertSnapshot;
  /** What the other semantics would have made of it; computed behind `convert`, forgotten with it. */
  readonly comparison?: ComparisonOutcome;
}

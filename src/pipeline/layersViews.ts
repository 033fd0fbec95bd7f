import type { FoundLayer, LayersPlan, LeftOutTensor, PlanCheck } from '../layers/plan';

export type {
  Activation,
  LayerFit,
  LayersPlan,
  PlanCheck,
  PlannedLayer,
  Pooling,
} from '../layers/plan';

/** A layer that the tensors of a file show. */
export interface LayerRowView {
  readonly module: string;
  readonly kind: FoundLayer['kind'];
  readonly weight: readonly number[];
  /** It has a stride and a padding. */
  readonly hasWindow: boolean;
}

/** A tensor that no layer of the chain has. */
export interface LeftOutView extends LeftOutTensor {
  /** The model certainly computes with it: without it the chain is another function. */
  readonly isNeeded: boolean;
}

/** What the assistant proposes for a file without a graph. */
export interface LayersProposalView {
  readonly file: string;
  readonly plan: LayersPlan;
  readonly rows: readonly LayerRowView[];
  readonly leftOut: readonly LeftOutView[];
  readonly check: PlanCheck;
}

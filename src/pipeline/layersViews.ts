import type { FoundLayer, LayersPlan, LeftOutTensor, PlanCheck } from '../layers/plan';

export type {
  Activation,
  LayerFit,
  LayersPlan,
  LeftOutTensor,
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

/** What the assistant proposes for a file without a graph. */
export interface LayersProposalView {
  readonly file: string;
  readonly plan: LayersPlan;
  readonly rows: readonly LayerRowView[];
  readonly leftOut: readonly LeftOutTensor[];
  readonly check: PlanCheck;
}

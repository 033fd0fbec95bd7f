import type { ComparisonOutcome } from './comparisonView';
import type { RuntimeCheckView } from './onnxRuntime/runtimeView';
import type { StepName } from './settings';
import type { StepView } from './views/graphViews';
import type { DataPurpose, DatasetView, ModelView } from './views/sourceViews';
import type { LayerView, Results, TypeView } from './views/tableViews';

export { EXPORTS, type ExportedFile, type ExportKind } from './views/exportViews';
export type {
  ChangeView,
  EdgeView,
  Form,
  FormView,
  FormViews,
  GraphView,
  NodeChange,
  NodeRole,
  NodeView,
  StepView,
} from './views/graphViews';
export type {
  BeforeAfter,
  NodeDetails,
  ObserverView,
  RangeHistogram,
  Ranges,
  ScaleEdit,
} from './views/inspectorViews';
export type { BackendView, DataPurpose, DatasetView, ModelView } from './views/sourceViews';
export type { Decision, LayerSqnr, LayerView, Results, Sqnr, TypeView } from './views/tableViews';

/*
 * What the engine tells the page: plain data without tensors, ready to be cloned between threads and drawn.
 */

/** All that the page knows of the work; replaced whole after every step. */
export interface StudioView {
  /** Two views of one number show the same work under the same settings; 0 without a model. */
  readonly state: number;
  readonly model: ModelView | null;
  readonly calibration: DatasetView | null;
  readonly evaluation: DatasetView | null;
  /** What the newest data is for. */
  readonly lastData: DataPurpose | null;
  /** Steps that have been run, by name. */
  readonly steps: Readonly<Partial<Record<StepName, StepView>>>;
  readonly layers: readonly LayerView[];
  /** Types that can be given a qconfig, layers first. */
  readonly types: readonly TypeView[];
  readonly results: Results | null;
  /** Where the other semantics would differ; null until `convert` has run. */
  readonly comparison: ComparisonOutcome | null;
  /** The last check of the exports in ONNX Runtime; null without one. */
  readonly onnxRuntime: RuntimeCheckView | null;
}

import type {
  DataOptions,
  DataPurpose,
  GeneratedSettings,
  GraphView,
  ImagePreview,
  ImageSettings,
  LayersPlan,
  LayersProposalView,
  PlanCheck,
} from '../../../src/index';
import type { IncompleteModel } from '../incomplete';
import type { Sample } from '../samples';

/** The verbs for samples, and what the forms about them show. */
export interface DataJobs {
  /** What the forms begin with; null until they are opened, and again when the data has changed. */
  readonly dataOptions: DataOptions | null;
  /** Images were refused that other settings may fit. */
  readonly imagesWait: boolean;
  /** The first images as the model sees them. */
  readonly previews: readonly ImagePreview[];

  openData(purpose: DataPurpose, files: readonly File[]): Promise<void>;
  /** Makes calibration data up, for a first look. */
  generateData(settings: GeneratedSettings): Promise<void>;
  /** The same with the settings that the engine proposes for the model. */
  firstLook(): Promise<void>;
  /** Reads the images that are open again with other settings. */
  changeImages(settings: ImageSettings): Promise<void>;
  loadDataOptions(): Promise<void>;
}
/** The check of the exports in ONNX Runtime; what came of it is `view.onnxRuntime`. */
export interface RuntimeJobs {
  checkRuntime(): Promise<void>;
}

/** The verbs that bring files in. */
export interface FileJobs {
  /** What the gallery offers; null until the list is there. */
  readonly samples: readonly Sample[] | null;

  /** Data dropped before any model: opened after the model. */
  readonly pending: readonly File[];
  /** A model whose data files are awaited: with them it opens. */
  readonly incomplete: IncompleteModel | null;
  /** Set by what draws graphs: begins what a new model's graph needs for that, before the page takes the model over. */
  readonly prepareGraph: ((graph: GraphView) => Promise<void>) | null;

  loadSamples(): Promise<void>;
  /** Opens a sample with its data; an unknown ID is an alert that lists those that exist. */
  openSample(id: string): Promise<void>;
  /** Opens the model among the files, or the one that waits for them. */
  openModel(files: readonly File[]): Promise<void>;
  /** Files dropped on the window, sorted by their extensions: the model first, then data, one file at a time. */
  openDropped(files: readonly File[]): Promise<void>;
}

/** Layers that are being put together from weights without a graph. */
export interface AssistantState {
  readonly proposal: LayersProposalView;
  readonly plan: LayersPlan;
  readonly check: PlanCheck;
  /** The shape of a sample as it is typed. */
  readonly input: string;
  /** Put away, it keeps what was chosen. */
  readonly open: boolean;
  /** Why no model could be made; null while nothing is wrong. */
  readonly error: string | null;
}

export interface LayersSlice {
  readonly assistant: AssistantState | null;

  proposeLayers(proposal: LayersProposalView): void;
  /** Changes the plan and asks how its layers fit. */
  changePlan(patch: Partial<LayersPlan>): Promise<void>;
  changeInput(text: string): Promise<void>;
  showLayers(open: boolean): void;
  /** Opens the model that the plan makes. */
  buildLayers(): Promise<void>;
}

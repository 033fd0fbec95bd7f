import type {
  BackendView,
  DataOptions,
  Explanation,
  ExportedFile,
  ExportKind,
  Form,
  GeneratedSettings,
  ImagePreview,
  ImageSettings,
  LayerAdvice,
  LayersPlan,
  LayerView,
  MapSize,
  MatrixWindow,
  MethodRow,
  NodeDetails,
  PlanCheck,
  Playback,
  Settings,
  StepName,
  StudioView,
  TensorsView,
  TensorView,
  WeightMap,
} from '../../src/index';
import type { MoveListener, Outcome, ProgressListener } from './outcome';
import type { ProjectsApi } from './projects/api';

export type { BackendMove, EngineFailure, MoveListener, Outcome, ProgressListener } from './outcome';

export type BackendChoice = 'webgpu' | 'wasm' | 'cpu' | null;

/** What the page asks of the worker that owns model, tensors and GPU. Every call answers; none throws. */
export interface EngineApi extends ProjectsApi {
  /** `onMove` hears of it when the work has to go on on another backend, and when the GPU is lost in between. */
  start(backend: BackendChoice, onMove: MoveListener): Promise<Outcome<BackendView>>;
  /** Opens the one model among the files, with the others as its data files, and runs the load step. The previous model stays when the files are refused. */
  openModel(files: readonly File[]): Promise<Outcome<StudioView>>;
  /** How the layers of a plan fit, for the weights that were proposed last. */
  checkLayers(plan: LayersPlan): Promise<Outcome<PlanCheck>>;
  /** Opens the model that a plan makes of them. */
  openLayers(plan: LayersPlan): Promise<Outcome<StudioView>>;
  /**
   * Opens data for whichever it is: labelled data is for evaluation, other data for calibration. A file's name may
   * carry its folders.
   */
  openData(files: readonly File[], onProgress: ProgressListener): Promise<Outcome<StudioView>>;
  openCalibration(files: readonly File[], onProgress: ProgressListener): Promise<Outcome<StudioView>>;
  openEvaluation(files: readonly File[], onProgress: ProgressListener): Promise<Outcome<StudioView>>;
  /** Makes calibration data up. */
  generateData(settings: GeneratedSettings): Promise<Outcome<StudioView>>;
  /** Reads the images that are open again with other settings. */
  changeImages(settings: ImageSettings, onProgress: ProgressListener): Promise<Outcome<StudioView>>;
  /** What the forms for images and generated data begin with. */
  dataOptions(): Promise<Outcome<DataOptions>>;
  imagePreviews(): Promise<Outcome<readonly ImagePreview[]>>;
  /** Runs a step; earlier steps that are missing run first. */
  run(step: StepName, settings: Settings, onProgress: ProgressListener): Promise<Outcome<StudioView>>;
  /** Steps from the first that the settings touch are forgotten; the view says which remain. */
  configure(settings: Settings): Promise<Outcome<StudioView>>;
  /** Every method of equalization on the open model, one row each. */
  compareMethods(settings: Settings, onProgress: ProgressListener): Promise<Outcome<readonly MethodRow[]>>;
  /** What equalization would gain each layer. */
  advise(settings: Settings, onProgress: ProgressListener): Promise<Outcome<readonly LayerAdvice[]>>;
  /** Runs what can be exported in ONNX Runtime; the view has what came of it. */
  checkRuntime(onProgress: ProgressListener): Promise<Outcome<StudioView>>;
  /** The rows of the layers table, with the weights' ratios that `openModel` leaves out where it would have to read them. */
  readLayers(): Promise<Outcome<readonly LayerView[]>>;
  cancel(): Promise<void>;
  /** `form` says which of convert's two graphs is meant. */
  inspect(step: StepName, node: string, form: Form): Promise<Outcome<NodeDetails>>;
  /** The tensors about a node whose values can be counted, with what was counted of them. */
  tensors(step: StepName, node: string): Promise<Outcome<TensorsView>>;
  /** Counts a tensor's values on the calibration data; `tensors` has them from then on. */
  countValues(
    step: StepName,
    tensor: Pick<TensorView, 'node' | 'role'>,
    onProgress: ProgressListener,
  ): Promise<Outcome<void>>;
  /** A layer's weight in cells; of the whole matrix without a window. */
  weightMap(
    step: StepName,
    node: string,
    window: MatrixWindow | null,
    size: MapSize,
  ): Promise<Outcome<WeightMap>>;
  /** A step change by change, to be played; beside the jobs, and instead of what was asked for before. */
  playback(step: StepName, form: Form, onProgress: ProgressListener): Promise<Outcome<Playback>>;
  cancelPlayback(): Promise<void>;
  /** Why a change was made, with the formulas of one column; null leaves the choice of it to the engine. */
  explain(step: StepName, form: Form, change: number, part: number | null): Promise<Outcome<Explanation>>;
  exportFile(kind: ExportKind, step: StepName, form: Form): Promise<Outcome<ExportedFile>>;
}

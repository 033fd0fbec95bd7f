import { breathe, type Job, PLAIN_JOB } from '../exec/job';
import { type Steady, UNSTEADY } from '../exec/steadyDevice';
import type { ByteSource } from '../formats/byteSource';
import type { ImageDecoder } from '../formats/images/imageDecoder';
import { type OpenedModel, openModel } from '../formats/openModel';
import { PlainWeightsError } from '../formats/weightsFile';
import { GraphError } from '../graph/errors';
import { keepTensors } from '../graph/lazyTensor';
import type { LayersPlan, PlanCheck } from '../layers/plan';
import { nodeDetails } from './details';
import { exportModel, exportQuantized, exportReport, exportText } from './exports';
import { freshWork } from './freshWork';
import { layerColumns, layersOf } from './layerColumns';
import { LayersAssistant, LayersWantedError } from './layersAssistant';
import { layerViews } from './layerViews';
import { adviseLayers, type LayerAdvice } from './methods/advice';
import { calibrated } from './methods/calibrated';
import { compareMethods } from './methods/methodComparison';
import type { MethodRow } from './methods/methodRow';
import { candidatesOf } from './onnxRuntime/candidates';
import type { OnnxRuntime } from './onnxRuntime/runtime';
import { checkBatches, checkInRuntime } from './onnxRuntime/runtimeCheck';
import { Explainer } from './playback/explainer';
import { playbackOf } from './playback/playback';
import type { Explanation, Playback } from './playback/playbackViews';
import type { MapSize, MatrixWindow, TensorsView, TensorView, WeightMap } from './plots/plotViews';
import { ValueHistograms } from './plots/valueHistograms';
import { weightMap } from './plots/weightMap';
import { report } from './report';
import { afterComparison, afterStep, calibrationBatches, dataBatches, NO_CALIBRATION } from './runSteps';
import { forNewModel, type Settings, STEPS, type StepName } from './settings';
import { modelView, modulePaths, runtimeCheck, studioView } from './studioView';
import type {
  BackendView,
  ExportedFile,
  ExportKind,
  Form,
  LayerView,
  NodeDetails,
  StudioView,
} from './views';
import { WorkWithData } from './workWithData';

/**
 * One user's work on one model, from file to export: the door to the core. It owns the snapshots; a step that
 * throws leaves everything as it was. One call at a time.
 */
export class Studio extends WorkWithData {
  private assistant: LayersAssistant | null = null;
  private readonly values = new ValueHistograms();
  private readonly explainer = new Explainer();

  /** Without a decoder, images are refused as data. `steady` runs what needs the device, and may move it to another one. */
  constructor(
    private backend: BackendView,
    decodeImage: ImageDecoder | null = null,
    private readonly steady: Steady = UNSTEADY,
  ) {
    super(decodeImage);
  }

  /** The work goes on on another device. */
  movedTo(backend: BackendView): void {
    this.backend = backend;
  }

  /** Opens a model; the one before stays when the files are refused. */
  async openModel(sources: readonly ByteSource[]): Promise<StudioView> {
    const start = performance.now();
    return this.take(await this.openOrPropose(sources), start);
  }

  /** A file without a graph is refused with a proposal, which `openLayers` takes back with the user's changes. */
  private async openOrPropose(sources: readonly ByteSource[]): Promise<OpenedModel> {
    try {
      return await openModel(sources);
    } catch (error) {
      if (!(error instanceof PlainWeightsError)) throw error;
      const assistant = new LayersAssistant(error.weights);
      if (!assistant.hasLayers) throw error;
      this.assistant = assistant;
      throw new LayersWantedError(error, assistant.view());
    }
  }

  /** How the layers of a plan fit; of the file that was proposed last. */
  checkLayers(plan: LayersPlan): PlanCheck {
    return this.proposed().check(plan);
  }

  /** Opens the model that a plan makes of the file that was proposed last. */
  async openLayers(plan: LayersPlan): Promise<StudioView> {
    const start = performance.now();
    return this.take(await this.proposed().build(plan), start);
  }

  private proposed(): LayersAssistant {
    if (!this.assistant) throw new GraphError('No file of weights waits for its layers. Open it again.');
    return this.assistant;
  }

  private take(opened: OpenedModel, start: number): StudioView {
    const work = freshWork(opened, start, this.work?.imageSettings ?? null);
    const settings = forNewModel(this.settings);
    return this.takeOver({ work, settings }, studioView(work, settings, this.drawn, 'known'));
  }

  /**
   * Runs a step anew, and before it those that are missing. Finished steps stay when a later one fails; what a step
   * found before under the same settings stays until it has run again.
   */
  async run(step: StepName, settings: Settings, job: Job): Promise<StudioView> {
    this.open();
    this.reconfigure(settings);
    for (const name of STEPS.slice(1, STEPS.indexOf(step) + 1))
      if (name === step || !this.open().snapshots[name]) await this.runOne(name, job);
    return this.view();
  }

  private async runOne(step: StepName, job: Job): Promise<void> {
    const { signal } = job;
    this.work = await this.steady(signal, () => afterStep(this.open(), step, this.settings, job));
    if (step === 'convert')
      this.work = await this.steady(signal, () => afterComparison(this.open(), this.settings, job));
  }

  /** Every method on the open model, calibrated as the settings say: missing steps run first. */
  async compareMethods(settings: Settings, job: Job): Promise<readonly MethodRow[]> {
    const exact: Settings = { ...settings, semantics: 'exact' };
    const data = dataBatches(this.open());
    return this.steady(job.signal, async () => {
      const start = await calibrated(this.open().snapshots.load, exact, data.calibration, job);
      return compareMethods(start, exact, data, job);
    });
  }

  /** What equalization would gain each layer, whichever of them the settings choose. */
  async advise(settings: Settings, job: Job): Promise<readonly LayerAdvice[]> {
    const all: Settings = {
      ...settings,
      semantics: 'exact',
      equalization: { global: true, byName: {}, byType: {} },
    };
    const batches = calibrationBatches(this.open());
    return this.steady(job.signal, async () => {
      const { calibrate } = await calibrated(this.open().snapshots.load, all, batches, job);
      return adviseLayers(calibrate.model, batches, job);
    });
  }

  /** Runs what can be exported in ONNX Runtime, on calibration samples, and keeps what came of it. */
  async checkRuntime(runtime: OnnxRuntime, job: Job): Promise<StudioView> {
    const { opened, snapshots, calibration } = this.open();
    if (!calibration) throw new GraphError(NO_CALIBRATION);
    const batches = checkBatches(snapshots.load.model, calibration);
    const rows = await this.steady(job.signal, () =>
      checkInRuntime(runtime, candidatesOf(opened, snapshots, this.settings), batches, job),
    );
    const samples = batches.reduce((sum, batch) => sum + batch.samples, 0);
    const checked = { rows, version: runtime.version, samples, snapshots, calibration };
    this.work = { ...this.open(), checked };
    return this.view();
  }

  inspect(step: StepName, node: string, form: Form = 'lowered'): NodeDetails {
    return nodeDetails(this.open().snapshots, this.settings, step, node, form);
  }

  /** The tensors about a node whose values can be counted, with those that were. */
  tensors(step: StepName, node: string): TensorsView {
    return this.values.tensors(this.open().snapshots, step, node);
  }

  /** Counts a tensor's values on the calibration data; `tensors` has them from then on. */
  async countValues(step: StepName, tensor: Pick<TensorView, 'node' | 'role'>, job: Job): Promise<void> {
    const work = this.open();
    await this.steady(job.signal, () =>
      this.values.count(work.snapshots, step, tensor, calibrationBatches(work), job),
    );
  }

  /** A layer's weight in cells, of a window of it or of the whole. */
  weightMap(step: StepName, node: string, window: MatrixWindow | null, size: MapSize): WeightMap {
    return weightMap(this.open().snapshots, step, node, window, size);
  }

  /** A step change by change. */
  async playback(step: StepName, form: Form = 'lowered', job?: Job): Promise<Playback> {
    const work = this.open();
    const { semantics } = this.settings;
    return playbackOf(work.snapshots, { semantics, step, form }, modulePaths(work), job);
  }

  /** Why a step's change was made; `part` chooses the column, row or channel that its formulas show. */
  explain(step: StepName, form: Form, change: number, part: number | null): Explanation {
    return this.explainer.explain(this.open().snapshots, this.settings, { step, form, change, part });
  }

  async exportFile(kind: ExportKind, step: StepName, form: Form = 'lowered'): Promise<ExportedFile> {
    const { opened, snapshots } = this.open();
    // A file takes as much memory as the model: the steps' tensors make room for it.
    keepTensors();
    if (kind === 'quantized') return exportQuantized(opened, snapshots, this.settings);
    if (kind === 'safetensors' || kind === 'pt' || kind === 'onnx')
      return exportModel(kind, opened, snapshots, step, this.settings);
    if (kind === 'text') return exportText(snapshots, step, form);
    const model = modelView(this.open());
    const work = this.open();
    return exportReport(
      model.name,
      report(snapshots, this.settings, model, this.backend, work, runtimeCheck(work)),
    );
  }

  /** The rows of the layers table, with what opening a model left out: a layer at a time, beside other calls. */
  async readLayers(job: Job = PLAIN_JOB): Promise<readonly LayerView[]> {
    const { opened, snapshots } = this.open();
    const columnsOf = layerColumns(snapshots);
    for (const layer of layersOf(snapshots)) {
      // Nobody asks for the rest of a model that is no longer open.
      if (this.work?.opened !== opened) break;
      columnsOf(layer);
      await breathe(job);
    }
    return layerViews(snapshots, this.settings, { weights: 'known' });
  }

  override close(): StudioView {
    this.assistant = null;
    return super.close();
  }
}

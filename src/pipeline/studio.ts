import { breathe, type Job, PLAIN_JOB } from '../exec/job';
import { type Steady, UNSTEADY } from '../exec/steadyDevice';
import type { ByteSource } from '../formats/byteSource';
import type { Dataset } from '../formats/dataset';
import { FormatError } from '../formats/errors';
import { generateData } from '../formats/generated/generate';
import type { GeneratedSettings } from '../formats/generated/generatedSettings';
import type { ImageDecoder } from '../formats/images/imageDecoder';
import type { ImagePreview } from '../formats/images/imagePreview';
import type { ImageSettings } from '../formats/images/imageSettings';
import { hasImages } from '../formats/images/sortSources';
import { type OpenedModel, openModel } from '../formats/openModel';
import { PlainWeightsError } from '../formats/weightsFile';
import { GraphError } from '../graph/errors';
import { keepTensors } from '../graph/lazyTensor';
import type { LayersPlan, PlanCheck } from '../layers/plan';
import { type DataOptions, dataOptions } from './data/dataOptions';
import { generatedInputs } from './data/generatedInputs';
import { readAgain, readData, sameImages } from './data/readData';
import { dataScopeOf, previewsOf, withCalibration, withEvaluation } from './data/workData';
import { nodeDetails } from './details';
import { exportModel, exportQuantized, exportReport, exportText } from './exports';
import { layerColumns, layersOf, type WeightReading } from './layerColumns';
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
import {
  afterComparison,
  afterStep,
  calibrationBatches,
  dataBatches,
  NO_CALIBRATION,
  reconfigured,
} from './runSteps';
import { provenRecord } from './saved/provenRecord';
import { type State, States } from './saved/states';
import { DEFAULT_SETTINGS, forNewModel, type Settings, STEPS, type StepName } from './settings';
import { loadStep } from './steps';
import {
  type DrawnSteps,
  modelView,
  modulePaths,
  type RefusedImages,
  runtimeCheck,
  stepGraphs,
  studioView,
  type Work,
} from './studioView';
import type {
  BackendView,
  DataPurpose,
  ExportedFile,
  ExportKind,
  Form,
  GraphView,
  LayerView,
  NodeDetails,
  StudioView,
} from './views';

/**
 * One user's work on one model, from file to export: the door to the core. It owns the snapshots; a step that
 * throws leaves everything as it was. One call at a time.
 */
export class Studio {
  private work: Work | null = null;
  private assistant: LayersAssistant | null = null;
  private settings: Settings = DEFAULT_SETTINGS;
  private readonly drawn: DrawnSteps = new WeakMap();
  private readonly values = new ValueHistograms();
  private readonly explainer = new Explainer();
  private readonly states = new States();

  /** Without a decoder, images are refused as data. `steady` runs what needs the device, and may move it to another one. */
  constructor(
    private backend: BackendView,
    private readonly decodeImage: ImageDecoder | null = null,
    private readonly steady: Steady = UNSTEADY,
  ) {}

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
    const load = { ...loadStep(opened.model, opened.notes), ms: performance.now() - start };
    const work: Work = {
      opened,
      calibration: null,
      evaluation: null,
      imageSettings: this.work?.imageSettings ?? null,
      refusedImages: null,
      lastData: null,
      snapshots: { load },
    };
    const settings = forNewModel(this.settings);
    // Drawn before anything is taken over: a model that cannot be drawn leaves the one before.
    studioView(work, settings, this.drawn, 'known');
    return this.takeOver({ work, settings }, 'known');
  }

  /** The model of another project, or the same one at another moment. */
  private takeOver({ work, settings }: State, weights: WeightReading = 'read'): StudioView {
    if (work.opened !== this.work?.opened) {
      this.states.clear();
      keepTensors();
    }
    this.work = work;
    this.settings = settings;
    return this.view(weights);
  }

  /** The work by the number that its view has; null where it is no longer kept. */
  state(number: number): State | null {
    return this.states.get(number) ?? null;
  }

  /** The graphs of states by number, as their views had them; without those that are no longer kept. */
  stateGraphs(numbers: readonly number[]): ReadonlyMap<number, Partial<Record<StepName, GraphView>>> {
    return new Map(
      numbers.flatMap((number) => {
        const state = this.states.get(number);
        return state ? [[number, stepGraphs(state.work, this.drawn)] as const] : [];
      }),
    );
  }

  /** Lets go of all states but these and the one of now. */
  keepStates(numbers: readonly number[]): void {
    this.states.keepOnly([...numbers, this.view().state]);
  }

  /** Goes to a state that was kept: nothing is computed. */
  recall(number: number): StudioView {
    const state = this.states.get(number);
    if (!state) throw new GraphError(`State ${number} is no longer kept. Run the steps again.`);
    return this.takeOver(state);
  }

  /** Gives the open model up. */
  close(): StudioView {
    this.work = null;
    this.assistant = null;
    this.states.clear();
    keepTensors();
    return this.view();
  }

  /** Takes over states that were saved, and goes to one of them; the work on another model is given up. */
  restore(states: ReadonlyMap<number, State>, now: number): StudioView {
    const state = states.get(now);
    if (!state) throw new GraphError(`internal: there is no state ${now} to restore.`);
    const { work, settings } = state;
    provenRecord(work.opened.model.name, () => studioView(work, settings, this.drawn));
    this.states.clear();
    this.work = work;
    for (const [number, saved] of states) this.states.put(number, saved);
    return this.takeOver(state);
  }

  /**
   * Reads data for whichever it is: labelled data is for evaluation, other data for calibration. Labelled images are
   * for both while there is no calibration data.
   */
  openData(sources: readonly ByteSource[], job: Job = PLAIN_JOB): Promise<StudioView> {
    return this.read({ sources, purpose: null }, job);
  }

  /** Reads calibration data and binds it to the model's inputs; `calibrate` and later steps are forgotten. */
  openCalibration(sources: readonly ByteSource[], job: Job = PLAIN_JOB): Promise<StudioView> {
    return this.read({ sources, purpose: 'calibration' }, job);
  }

  /** Reads evaluation data; `convert` is forgotten, since its figures change. */
  openEvaluation(sources: readonly ByteSource[], job: Job = PLAIN_JOB): Promise<StudioView> {
    return this.read({ sources, purpose: 'evaluation' }, job);
  }

  /** Images that are refused are remembered: `changeImages` tries them again. */
  private async read(files: RefusedImages, job: Job): Promise<StudioView> {
    const work = this.open();
    try {
      const data = await readData(files.sources, this.dataScope(), job);
      return this.place(data, files.purpose);
    } catch (error) {
      if (error instanceof FormatError && hasImages(files.sources))
        this.work = { ...work, refusedImages: files };
      throw error;
    }
  }

  private place(data: Dataset, purpose: DataPurpose | null): StudioView {
    if (purpose === 'calibration' || (!purpose && !data.labels)) return this.calibrateOn(data);
    const view = this.evaluateOn(data);
    const isFirst = !purpose && data.origin?.kind === 'images' && !this.open().calibration;
    return isFirst ? this.calibrateOn(data) : view;
  }

  private dataScope() {
    return dataScopeOf(this.open(), this.decodeImage);
  }

  /** Makes calibration data up. */
  generateData(settings: GeneratedSettings): StudioView {
    return this.calibrateOn(generateData(generatedInputs(this.open().opened.model), settings));
  }

  /** Reads the images that are open again, for calibration and evaluation, with other settings. */
  async changeImages(settings: ImageSettings, job: Job): Promise<StudioView> {
    const { calibration, evaluation, refusedImages } = this.open();
    if (refusedImages) {
      this.work = { ...this.open(), imageSettings: settings };
      return this.read(refusedImages, job);
    }
    const scope = this.dataScope();
    const calibrating = await readAgain(calibration, settings, scope, job);
    const evaluating = sameImages(calibration, evaluation)
      ? calibrating
      : await readAgain(evaluation, settings, scope, job);
    // Labels may be refused: before anything has changed.
    if (evaluating) this.evaluateOn(evaluating);
    return calibrating ? this.calibrateOn(calibrating) : this.view();
  }

  /** What the page's forms for images and generated data begin with. */
  dataOptions(): DataOptions {
    return dataOptions(this.open());
  }

  /** The first images as the model sees them. */
  imagePreviews(): readonly ImagePreview[] {
    return previewsOf(this.open());
  }

  private calibrateOn(data: Dataset): StudioView {
    this.work = withCalibration(this.open(), data);
    return this.view();
  }

  private evaluateOn(data: Dataset): StudioView {
    this.work = withEvaluation(this.open(), data);
    return this.view();
  }

  /** Takes over settings; the steps that they touch are forgotten. */
  configure(settings: Settings): StudioView {
    const before = this.settings;
    this.settings = settings;
    if (this.work) this.work = reconfigured(this.work, before, settings);
    return this.view();
  }

  /**
   * Runs a step anew, and before it those that are missing. Finished steps stay when a later one fails; what a step
   * found before under the same settings stays until it has run again.
   */
  async run(step: StepName, settings: Settings, job: Job): Promise<StudioView> {
    this.open();
    this.configure(settings);
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

  /** Opening leaves out what is not `known` of weights that are still in their files. */
  view(weights: WeightReading = 'read'): StudioView {
    const { work, settings } = this;
    const state = work ? this.states.numberOf({ work, settings }) : 0;
    return { ...studioView(work, settings, this.drawn, weights), state };
  }

  /** The rows of the layers table, with what opening a model left out: a layer at a time, beside other calls. */
  async readLayers(job: Job = PLAIN_JOB): Promise<readonly LayerView[]> {
    const { snapshots } = this.open();
    const columnsOf = layerColumns(snapshots);
    for (const layer of layersOf(snapshots)) {
      columnsOf(layer);
      await breathe(job);
    }
    return layerViews(snapshots, this.settings);
  }

  private open(): Work {
    if (!this.work) throw new GraphError('No model is open. Open a model first.');
    return this.work;
  }
}

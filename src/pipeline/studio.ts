import type { Job } from '../exec/job';
import type { ByteSource } from '../formats/byteSource';
import type { Dataset } from '../formats/dataset';
import { openDataset } from '../formats/openDataset';
import { type OpenedModel, openModel } from '../formats/openModel';
import { GraphError } from '../graph/errors';
import type { NodeName } from '../graph/ids';
import { batchesOf } from './batching';
import { compareSemantics } from './comparison/semanticsComparison';
import { ownRun } from './comparison/semanticsFigures';
import { convertStep } from './convertStep';
import { bindData, withDataShapes } from './data';
import { nodeDetails } from './details';
import { exportModel, exportQuantized, exportReport, exportText } from './exports';
import { adviseLayers, type LayerAdvice } from './methods/advice';
import { calibrated } from './methods/calibrated';
import { compareMethods } from './methods/methodComparison';
import type { MethodRow } from './methods/methodRow';
import { candidatesOf } from './onnxRuntime/candidates';
import type { OnnxRuntime } from './onnxRuntime/runtime';
import { checkBatches, checkInRuntime } from './onnxRuntime/runtimeCheck';
import { sameEqualization, sameQConfigs } from './qconfigs';
import { report } from './report';
import { DEFAULT_SETTINGS, forNewModel, type Settings, STEPS, type StepName, sameScales } from './settings';
import type { Snapshots } from './snapshots';
import { calibrateStep, equalizeStep, loadStep, prepareStep } from './steps';
import { type DrawnSteps, modelView, runtimeCheck, studioView, type Work } from './studioView';
import type { BackendView, ExportedFile, ExportKind, Form, NodeDetails, StudioView } from './views';

const NO_CALIBRATION =
  'There is no calibration data. Open a .npy, .npz, .csv or .safetensors file with samples of the model’s input (Calibration data…).';

const TITLES = {
  load: 'Load',
  prepare: 'Prepare',
  calibrate: 'Calibrate',
  equalize: 'Equalize',
  convert: 'Convert',
};

/**
 * One user's work on one model, from file to export: the door to the core. It owns the snapshots; a step that
 * throws leaves everything as it was. One call at a time.
 */
export class Studio {
  private work: Work | null = null;
  private settings: Settings = DEFAULT_SETTINGS;
  private readonly drawn: DrawnSteps = new WeakMap();

  constructor(private readonly backend: BackendView) {}

  /** Opens a model; the one before stays when the files are refused. */
  async openModel(sources: readonly ByteSource[]): Promise<StudioView> {
    const start = performance.now();
    const opened = await openModel(sources);
    const load = { ...loadStep(opened.model, opened.notes), ms: performance.now() - start };
    const work: Work = { opened, calibration: null, evaluation: null, snapshots: { load } };
    const settings = forNewModel(this.settings);
    const view = studioView(work, settings, this.drawn);
    this.work = work;
    this.settings = settings;
    return view;
  }

  /** Reads data for whichever it is: labelled data is for evaluation, other data for calibration. */
  async openData(sources: readonly ByteSource[]): Promise<StudioView> {
    this.open();
    const data = await openDataset(sources);
    return data.labels ? this.evaluateOn(data) : this.calibrateOn(data);
  }

  /** Reads calibration data and binds it to the model's inputs; `calibrate` and later steps are forgotten. */
  async openCalibration(sources: readonly ByteSource[]): Promise<StudioView> {
    this.open();
    return this.calibrateOn(await openDataset(sources));
  }

  private calibrateOn(data: Dataset): StudioView {
    const work = this.open();
    const calibration = bindData(data, work.opened.model, fileNames(work.opened));
    const { load, prepare } = work.snapshots;
    const shaped = { ...load, model: withDataShapes(work.opened.model, calibration) };
    const known = prepare && {
      ...prepare,
      model: { ...prepare.model, inputShapes: shaped.model.inputShapes },
    };
    this.work = { ...work, calibration, snapshots: { load: shaped, ...(known && { prepare: known }) } };
    return this.view();
  }

  /** Reads evaluation data; `convert` is forgotten, since its figures change. */
  async openEvaluation(sources: readonly ByteSource[]): Promise<StudioView> {
    this.open();
    return this.evaluateOn(await openDataset(sources));
  }

  private evaluateOn(data: Dataset): StudioView {
    const work = this.open();
    const evaluation = bindData(data, work.opened.model, fileNames(work.opened));
    this.work = { ...work, evaluation, snapshots: keepThrough(work.snapshots, 'equalize') };
    return this.view();
  }

  /** Takes over settings; the steps that they touch are forgotten. */
  configure(settings: Settings): StudioView {
    const before = this.settings;
    this.settings = settings;
    const touchesPrepare =
      before.semantics !== settings.semantics ||
      !sameQConfigs(before, settings) ||
      !sameEqualization(before, settings);
    if (this.work && touchesPrepare) this.forgetAfter('load');
    else if (this.work && !sameScales(before, settings)) this.forgetAfter('calibrate');
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
    job.signal.throwIfAborted();
    job.progress(TITLES[step], 0, 1);
    const start = performance.now();
    const { snapshots } = this.open();
    const timed = <S>(snapshot: S) => ({ ...snapshot, ms: performance.now() - start });
    switch (step) {
      case 'load':
        return;
      case 'prepare':
        return this.addAfter('load', { prepare: timed(prepareStep(snapshots.load, this.settings)) });
      case 'calibrate':
        return this.addAfter('prepare', {
          calibrate: timed(
            await calibrateStep(done(snapshots, 'prepare'), this.settings, this.batches(), job),
          ),
        });
      case 'equalize':
        return this.addAfter('calibrate', { equalize: timed(await this.runEqualize(snapshots, job)) });
      case 'convert':
        this.addAfter('equalize', { convert: timed(await this.runConvert(snapshots, job)) });
        return this.compare(job);
      default:
        return step satisfies never;
    }
  }

  private runEqualize(snapshots: Snapshots, job: Job) {
    const [prepare, calibrate] = [done(snapshots, 'prepare'), done(snapshots, 'calibrate')];
    return equalizeStep(snapshots.load, prepare, calibrate, this.settings, this.batches(), job);
  }

  private runConvert(snapshots: Snapshots, job: Job) {
    const { evaluation } = this.open();
    const data = {
      calibration: this.batches(),
      evaluation: evaluation && batchesOf(snapshots.load.model, evaluation),
    };
    const [calibrate, equalize] = [done(snapshots, 'calibrate'), done(snapshots, 'equalize')];
    return convertStep(snapshots.load, calibrate, equalize, this.settings, data, job);
  }

  /** Convert stands whatever becomes of the comparison. */
  private async compare(job: Job): Promise<void> {
    const { snapshots } = this.open();
    const own = ownRun(this.settings.semantics, {
      prepare: done(snapshots, 'prepare'),
      calibrate: done(snapshots, 'calibrate'),
      equalize: done(snapshots, 'equalize'),
      convert: done(snapshots, 'convert'),
    });
    const comparison = await compareSemantics(snapshots.load, own, this.settings, this.batches(), job);
    this.addAfter('convert', { comparison });
  }

  /** Every method on the open model, calibrated as the settings say: missing steps run first. */
  async compareMethods(settings: Settings, job: Job): Promise<readonly MethodRow[]> {
    const exact: Settings = { ...settings, semantics: 'exact' };
    const { evaluation, snapshots } = this.open();
    const calibration = this.batches();
    const data = { calibration, evaluation: evaluation && batchesOf(snapshots.load.model, evaluation) };
    return compareMethods(await calibrated(snapshots.load, exact, calibration, job), exact, data, job);
  }

  /** What equalization would gain each layer, whichever of them the settings choose. */
  async advise(settings: Settings, job: Job): Promise<readonly LayerAdvice[]> {
    const all: Settings = {
      ...settings,
      semantics: 'exact',
      equalization: { global: true, byName: {}, byType: {} },
    };
    const batches = this.batches();
    const { calibrate } = await calibrated(this.open().snapshots.load, all, batches, job);
    return adviseLayers(calibrate.model, batches, job);
  }

  /** Runs what can be exported in ONNX Runtime, on calibration samples, and keeps what came of it. */
  async checkRuntime(runtime: OnnxRuntime, job: Job): Promise<StudioView> {
    const { opened, snapshots, calibration } = this.open();
    if (!calibration) throw new GraphError(NO_CALIBRATION);
    const batches = checkBatches(snapshots.load.model, calibration);
    const rows = await checkInRuntime(runtime, candidatesOf(opened, snapshots, this.settings), batches, job);
    const samples = batches.reduce((sum, batch) => sum + batch.samples, 0);
    const checked = { rows, version: runtime.version, samples, snapshots, calibration };
    this.work = { ...this.open(), checked };
    return this.view();
  }

  inspect(step: StepName, node: string, form: Form = 'lowered'): NodeDetails {
    return nodeDetails(this.open().snapshots, this.settings, step, node, form);
  }

  async exportFile(kind: ExportKind, step: StepName, form: Form = 'lowered'): Promise<ExportedFile> {
    const { opened, snapshots } = this.open();
    if (kind === 'quantized') return exportQuantized(opened, snapshots, this.settings);
    if (kind === 'safetensors' || kind === 'pt' || kind === 'onnx')
      return exportModel(kind, opened, snapshots, step, this.settings);
    if (kind === 'text') return exportText(snapshots, step, form);
    const model = modelView(this.open());
    return exportReport(
      model.name,
      report(snapshots, this.settings, model, this.backend, runtimeCheck(this.open())),
    );
  }

  view(): StudioView {
    return studioView(this.work, this.settings, this.drawn);
  }

  private open(): Work {
    if (!this.work) throw new GraphError('No model is open. Open a model first.');
    return this.work;
  }

  private batches() {
    const { calibration, snapshots } = this.open();
    if (!calibration) throw new GraphError(NO_CALIBRATION);
    return batchesOf(snapshots.load.model, calibration);
  }

  /** Takes over a step's outcome; those of the steps behind it were made of its last one and go. */
  private addAfter(previous: StepName, step: Partial<Snapshots>): void {
    const work = this.open();
    this.work = { ...work, snapshots: { ...keepThrough(work.snapshots, previous), ...step } };
  }

  private forgetAfter(step: StepName): void {
    const work = this.open();
    this.work = { ...work, snapshots: keepThrough(work.snapshots, step) };
  }
}

/** Names of the inputs as the ONNX file spells them. */
const fileNames = ({ onnx }: OpenedModel): Readonly<Record<NodeName, string>> =>
  Object.fromEntries(Object.entries(onnx?.values ?? {}).map(([name, origin]) => [name, origin.value]));

function keepThrough(snapshots: Snapshots, step: StepName): Snapshots {
  const kept = STEPS.slice(0, STEPS.indexOf(step) + 1).map((name) => [name, snapshots[name]] as const);
  return {
    load: snapshots.load,
    ...Object.fromEntries(kept.filter(([, snapshot]) => snapshot !== undefined)),
  };
}

/** A step that must have run before this one; `run` sees to it. */
function done<S extends 'prepare' | 'calibrate' | 'equalize' | 'convert'>(
  snapshots: Snapshots,
  step: S,
): NonNullable<Snapshots[S]> {
  const snapshot = snapshots[step];
  if (!snapshot) throw new GraphError(`internal: '${step}' has not run.`);
  return snapshot;
}

import type { Job } from '../exec/job';
import type { ByteSource } from '../formats/byteSource';
import type { Dataset } from '../formats/dataset';
import { matchDataset } from '../formats/matchDataset';
import { openDataset } from '../formats/openDataset';
import { type OpenedModel, openModel } from '../formats/openModel';
import { GraphError } from '../graph/errors';
import { parameterCount } from '../graph/model';
import { formatShape } from '../graph/shape';
import { batchesOf, datasetView, modelInputs, withDataShapes } from './data';
import { nodeDetails } from './details';
import { exportModel, exportReport, exportText } from './exports';
import { graphView } from './graphView';
import { layerViews } from './layerViews';
import { report } from './report';
import { DEFAULT_SETTINGS, type Settings, STEPS, type StepName } from './settings';
import type { Snapshots } from './snapshots';
import { calibrateStep, convertStep, equalizeStep, loadStep, prepareStep } from './steps';
import type {
  BackendView,
  ExportedFile,
  ExportKind,
  ModelView,
  NodeDetails,
  Results,
  StepView,
  StudioView,
} from './views';

/** What is open: one model, its data, the finished steps. */
interface Work {
  readonly opened: OpenedModel;
  readonly calibration: Dataset | null;
  readonly evaluation: Dataset | null;
  readonly snapshots: Snapshots;
}

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
  private readonly graphs = new WeakMap<object, StepView>();

  constructor(private readonly backend: BackendView) {}

  /** Opens a model; the one before stays when the files are refused. */
  async openModel(sources: readonly ByteSource[]): Promise<StudioView> {
    const start = performance.now();
    const opened = await openModel(sources);
    const load = { ...loadStep(opened.model, opened.notes), ms: performance.now() - start };
    this.work = { opened, calibration: null, evaluation: null, snapshots: { load } };
    return this.view();
  }

  /** Reads calibration data and binds it to the model's inputs; `calibrate` and later steps are forgotten. */
  async openCalibration(sources: readonly ByteSource[]): Promise<StudioView> {
    const work = this.open();
    const calibration = matchDataset(await openDataset(sources), modelInputs(work.opened.model));
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
    const work = this.open();
    const evaluation = matchDataset(await openDataset(sources), modelInputs(work.snapshots.load.model));
    this.work = { ...work, evaluation, snapshots: keepThrough(work.snapshots, 'equalize') };
    return this.view();
  }

  /** Takes over settings; the steps that they touch are forgotten. */
  configure(settings: Settings): StudioView {
    const before = this.settings;
    this.settings = settings;
    const touchesPrepare =
      before.semantics !== settings.semantics ||
      before.qconfig !== settings.qconfig ||
      before.excluded.join('\n') !== settings.excluded.join('\n');
    if (this.work && touchesPrepare) this.forgetAfter('load');
    else if (this.work && before.method !== settings.method) this.forgetAfter('calibrate');
    return this.view();
  }

  /** Runs a step anew, and before it those that are missing. Finished steps stay when a later one fails. */
  async run(step: StepName, settings: Settings, job: Job): Promise<StudioView> {
    this.open();
    this.configure(settings);
    const wanted = STEPS.slice(1, STEPS.indexOf(step) + 1);
    const [last] = wanted.slice(-1);
    if (last) this.forgetAfter(STEPS[STEPS.indexOf(last) - 1] ?? 'load');
    for (const name of wanted) if (!this.open().snapshots[name]) await this.runOne(name, job);
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
        return this.add({ prepare: timed(prepareStep(snapshots.load, this.settings)) });
      case 'calibrate':
        return this.add({
          calibrate: timed(await calibrateStep(done(snapshots, 'prepare'), this.batches(), job)),
        });
      case 'equalize':
        return this.add({ equalize: timed(await this.runEqualize(snapshots, job)) });
      case 'convert':
        return this.add({ convert: timed(await this.runConvert(snapshots, job)) });
      default:
        return step satisfies never;
    }
  }

  private runEqualize(snapshots: Snapshots, job: Job) {
    const [prepare, calibrate] = [done(snapshots, 'prepare'), done(snapshots, 'calibrate')];
    return equalizeStep(prepare, calibrate, this.settings, this.batches(), job);
  }

  private runConvert(snapshots: Snapshots, job: Job) {
    const { evaluation } = this.open();
    const data = {
      calibration: this.batches(),
      evaluation: evaluation && batchesOf(snapshots.load.model, evaluation),
    };
    return convertStep(snapshots.load, done(snapshots, 'calibrate'), done(snapshots, 'equalize'), data, job);
  }

  inspect(step: StepName, node: string): NodeDetails {
    return nodeDetails(this.open().snapshots, this.settings, step, node);
  }

  async exportFile(kind: ExportKind, step: StepName): Promise<ExportedFile> {
    const { opened, snapshots } = this.open();
    if (kind === 'safetensors' || kind === 'onnx') return exportModel(kind, opened, snapshots, step);
    if (kind === 'text') return exportText(snapshots, step);
    return exportReport(opened.model.name, report(snapshots, this.settings, this.modelView(), this.backend));
  }

  view(): StudioView {
    if (!this.work)
      return { model: null, calibration: null, evaluation: null, steps: {}, layers: [], results: null };
    const { calibration, evaluation, snapshots } = this.work;
    return {
      model: this.modelView(),
      calibration: calibration && datasetView(calibration),
      evaluation: evaluation && datasetView(evaluation),
      steps: this.stepViews(snapshots),
      layers: layerViews(snapshots, this.settings),
      results: results(snapshots),
    };
  }

  private stepViews(snapshots: Snapshots): StudioView['steps'] {
    const views: Partial<Record<StepName, StepView>> = {};
    let previous: StepName | null = null;
    for (const step of STEPS) {
      const snapshot = snapshots[step];
      if (!snapshot) continue;
      const known = this.graphs.get(snapshot);
      const { ms, summary, warning, failed, changes } = snapshot;
      const before = previous ? (snapshots[previous]?.model ?? null) : null;
      const view = known ?? {
        step,
        ms,
        summary,
        warning,
        failed,
        changes,
        graph: graphView(snapshot, before),
      };
      this.graphs.set(snapshot, view);
      views[step] = view;
      previous = step;
    }
    return views;
  }

  private modelView(): ModelView {
    const { opened, snapshots } = this.open();
    const { model } = snapshots.load;
    return {
      name: model.name,
      format: opened.format,
      parameters: parameterCount(model),
      inputs: modelInputs(model).map(({ name, shape }) => ({ name, shape: formatShape(shape) })),
      notes: opened.notes,
    };
  }

  private open(): Work {
    if (!this.work) throw new GraphError('No model is open. Open a model first.');
    return this.work;
  }

  private batches() {
    const { calibration, snapshots } = this.open();
    if (!calibration)
      throw new GraphError(
        'There is no calibration data. Open a .npy, .npz, .csv or .safetensors file with samples of the model’s input (Calibration data…).',
      );
    return batchesOf(snapshots.load.model, calibration);
  }

  private add(step: Partial<Snapshots>): void {
    const work = this.open();
    this.work = { ...work, snapshots: { ...work.snapshots, ...step } };
  }

  private forgetAfter(step: StepName): void {
    const work = this.open();
    this.work = { ...work, snapshots: keepThrough(work.snapshots, step) };
  }
}

function keepThrough(snapshots: Snapshots, step: StepName): Snapshots {
  const kept = Object.entries(snapshots).filter(
    ([name]) => STEPS.findIndex((s) => s === name) <= STEPS.indexOf(step),
  );
  return { load: snapshots.load, ...Object.fromEntries(kept) };
}

/** A step that must have run before this one; `run` sees to it. */
function done<S extends 'prepare' | 'calibrate' | 'equalize'>(
  snapshots: Snapshots,
  step: S,
): NonNullable<Snapshots[S]> {
  const snapshot = snapshots[step];
  if (!snapshot) throw new GraphError(`internal: '${step}' has not run.`);
  return snapshot;
}

function results({ equalize, convert }: Snapshots): Results | null {
  if (!equalize) return null;
  const { maxAbsError, maxRelError } = equalize.verification;
  return {
    sqnr: { plain: convert?.outputs.plain.sqnr ?? null, equalized: convert?.outputs.equalized.sqnr ?? null },
    accuracy: convert?.accuracy ?? null,
    verification: { maxAbsError, maxRelError },
  };
}

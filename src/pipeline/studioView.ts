import type { ByteSource } from '../formats/byteSource';
import type { Dataset } from '../formats/dataset';
import type { ImageSettings } from '../formats/images/imageSettings';
import type { OpenedModel } from '../formats/openModel';
import type { Change } from '../graph/change';
import { GraphError } from '../graph/errors';
import { type Model, parameterCount } from '../graph/model';
import { formatShape } from '../graph/shape';
import { datasetView, modelInputs } from './data/data';
import { graphView } from './graphView';
import type { WeightReading } from './layerColumns';
import { layerViews } from './layerViews';
import { lowestFirst } from './lowestFirst';
import { type PathsOf, pathsFrom } from './modulePaths';
import type { RuntimeCheckView } from './onnxRuntime/runtimeView';
import { type Settings, STEPS, type StepName } from './settings';
import type { ConvertSnapshot, FormSnapshot, Snapshots } from './snapshots';
import { typeViews } from './typeViews';
import type {
  ChangeView,
  DataPurpose,
  FormView,
  FormViews,
  GraphView,
  ModelView,
  Results,
  StepView,
  StudioView,
} from './views';

export interface RefusedImages {
  readonly sources: readonly ByteSource[];
  /** Null for images that their labels sort. */
  readonly purpose: DataPurpose | null;
}

/** What is open: one model, its data, the finished steps. */
export interface Work {
  readonly opened: OpenedModel;
  readonly calibration: Dataset | null;
  readonly evaluation: Dataset | null;
  /** How images become the model's input, once some were opened. */
  readonly imageSettings: ImageSettings | null;
  /** Images that did not fit with the settings they were read with; other settings may do. */
  readonly refusedImages: RefusedImages | null;
  /** What the newest data is for. */
  readonly lastData: DataPurpose | null;
  readonly snapshots: Snapshots;
  /** The last check in ONNX Runtime, and what it was made of. */
  readonly checked?: CheckedExports;
}

export interface CheckedExports extends Omit<RuntimeCheckView, 'stale'> {
  readonly snapshots: Snapshots;
  readonly calibration: Dataset;
}

/** The last check; stale once a step that it ran is another one, or the data is. */
export function runtimeCheck({ checked, snapshots, calibration }: Work): RuntimeCheckView | null {
  if (!checked) return null;
  const { rows, version, samples } = checked;
  const isSame = (['load', 'equalize', 'convert'] as const).every(
    (step) => snapshots[step] === checked.snapshots[step],
  );
  return { rows, version, samples, stale: !isSame || calibration !== checked.calibration };
}

/** Views of snapshots drawn before: a snapshot never changes, so neither does its view. */
export type DrawnSteps = WeakMap<object, StepView>;

/** All that the page knows of the work, but for its number. */
export function studioView(
  work: Work | null,
  settings: Settings,
  drawn: DrawnSteps,
  weights: WeightReading = 'read',
): Omit<StudioView, 'state'> {
  if (!work)
    return {
      model: null,
      calibration: null,
      evaluation: null,
      lastData: null,
      steps: {},
      layers: [],
      types: [],
      results: null,
      comparison: null,
      onnxRuntime: null,
    };
  const { calibration, evaluation, snapshots } = work;
  return {
    model: modelView(work),
    calibration: calibration && datasetView(calibration),
    evaluation: evaluation && datasetView(evaluation),
    lastData: work.lastData,
    steps: stepViews(work, drawn),
    layers: layerViews(snapshots, settings, { weights }),
    types: typeViews(snapshots.load.model),
    results: results(snapshots),
    comparison: snapshots.comparison ?? null,
    onnxRuntime: runtimeCheck(work),
  };
}

/** Module paths of the nodes of any step. */
export const modulePaths = ({ opened, snapshots }: Pick<Work, 'opened' | 'snapshots'>): PathsOf =>
  pathsFrom(snapshots.load.model, opened.paths ?? {});

function stepViews(work: Work, drawn: DrawnSteps): StudioView['steps'] {
  const { snapshots } = work;
  const pathsOf = modulePaths(work);
  const views: Partial<Record<StepName, StepView>> = {};
  let before: Snapshots[StepName] | null = null;
  for (const step of STEPS) {
    const snapshot: Snapshots[StepName] = snapshots[step];
    if (!snapshot) continue;
    const view = drawn.get(snapshot) ?? stepView(snapshot, before?.model ?? null, pathsOf);
    drawn.set(snapshot, view);
    views[step] = view;
    before = snapshot;
  }
  return views;
}

/** The graph of each step that has run. */
export const stepGraphs = (work: Work, drawn: DrawnSteps): Partial<Record<StepName, GraphView>> =>
  Object.fromEntries(Object.entries(stepViews(work, drawn)).map(([step, { graph }]) => [step, graph]));

function stepView(
  snapshot: NonNullable<Snapshots[StepName]>,
  previous: Model | null,
  pathsOf: PathsOf,
): StepView {
  const { step, ms, summary, warning, failed } = snapshot;
  const functionChanged = snapshot.step === 'equalize' && snapshot.functionChanged;
  const forms = snapshot.step === 'convert' ? formViews(snapshot, previous, pathsOf) : null;
  const shown = forms ? (forms.lowered ?? forms.reference) : formView(snapshot, previous, pathsOf);
  return { step, ms, summary, warning, failed, functionChanged, ...shown, forms };
}

const changeView = ({ kind, nodes, sentence }: Change): ChangeView => ({ kind, nodes, sentence });

const formView = (snapshot: FormSnapshot, previous: Model | null, pathsOf: PathsOf): FormView => ({
  changes: snapshot.changes.map(changeView),
  graph: graphView(snapshot, previous, pathsOf),
});

function formViews({ forms }: ConvertSnapshot, previous: Model | null, pathsOf: PathsOf): FormViews {
  const view = (form: FormSnapshot) => formView(form, previous, pathsOf);
  const { reference, lowered } = forms;
  return lowered instanceof GraphError
    ? { reference: view(reference), lowered: null, error: { message: lowered.message, node: lowered.node } }
    : { reference: view(reference), lowered: view(lowered), error: null };
}

export function modelView({ opened, snapshots }: Work): ModelView {
  const { model } = snapshots.load;
  return {
    name: model.name,
    format: opened.format,
    parameters: parameterCount(model),
    inputs: modelInputs(model).map(({ name, shape }) => ({ name, shape: formatShape(shape) })),
    notes: opened.notes,
    unused: opened.unused ?? [],
  };
}

function results({ equalize, convert }: Snapshots): Results | null {
  if (!equalize) return null;
  const { maxAbsError, maxRelError } = equalize.verification;
  return {
    sqnr: { plain: convert?.outputs.plain.sqnr ?? null, equalized: convert?.outputs.equalized.sqnr ?? null },
    accuracy: convert?.accuracy ?? null,
    verification: { maxAbsError, maxRelError },
    lowestFirst: convert ? lowestFirst(convert) : [],
  };
}

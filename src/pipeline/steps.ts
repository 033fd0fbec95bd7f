import { rangeText } from '../equalize/activationObservers';
import { earlierMuls } from '../equalize/earlierMuls';
import { insertEqualizationObservers } from '../equalize/insertEqualizationObservers';
import { observerAxes } from '../equalize/observerAxes';
import { checkObservedRank } from '../equalize/pytorchRanks';
import type { Batch } from '../exec/batches';
import { calibrateObservers } from '../exec/calibrateObservers';
import type { StatsTap } from '../exec/collectStats';
import { compareModels } from '../exec/compare';
import type { Job } from '../exec/job';
import type { Change } from '../graph/change';
import { GraphIndex } from '../graph/graph';
import { lint } from '../graph/lint';
import { floatModel } from '../quant/floatModel';
import { fuse } from '../quant/fuse/fuse';
import { insertObservers } from '../quant/insertObservers';
import { type ObservedModel, observerState } from '../quant/observer';
import type { QConfigMapping } from '../quant/qconfigMapping';
import { observerNodes } from '../quant/withStats';
import { equalizeModel } from './equalizeModel';
import { floatTaps } from './layerTaps';
import { progressOf } from './progress';
import { provenRegions } from './provenRegions';
import { checkChoices, equalizationConfig, qconfigMapping, qconfigsFor } from './qconfigs';
import type { Settings } from './settings';
import type { CalibrateSnapshot, EqualizeSnapshot, LoadSnapshot, PrepareSnapshot } from './snapshots';
import { calibrateSummary, equalizeReport, loadSummary, nonFiniteWarning, prepareSummary } from './summaries';

/** A step's outcome without its time, which the caller measures. */
type Timeless<S> = Omit<S, 'ms'>;

/** `prepare_fx`: fuse, insert observers, insert equalization observers. */
export function prepareStep(
  load: LoadSnapshot,
  settings: Settings,
  qconfigs: QConfigMapping = qconfigMapping(settings),
): Timeless<PrepareSnapshot> {
  const fused = fuse(load.model, settings.semantics);
  checkChoices(settings, qconfigs, fused.model);
  const muls = settings.semantics === 'exact' ? earlierMuls(fused.model) : [];
  const mapping = qconfigsFor(settings, fused.model, qconfigs);
  const observed = insertObservers(fused.model, mapping, muls, settings.semantics);
  const prepared = insertEqualizationObservers(
    fused.model,
    observed.model,
    equalizationConfig(settings, fused.model),
  );
  lint(prepared.model);
  return {
    step: 'prepare',
    model: prepared.model,
    fused: fused.model,
    changes: [...fused.changes, ...observed.changes, ...prepared.changes],
    summary: prepareSummary(prepared.model, fused.changes.filter(({ kind }) => kind === 'remove').length),
    warning: null,
    failed: false,
  };
}

/** Runs the calibration data through the float model and fills every observer. */
export async function calibrateStep(
  prepare: PrepareSnapshot,
  settings: Settings,
  batches: readonly Batch[],
  job: Job,
): Promise<Timeless<CalibrateSnapshot>> {
  const taps = calibrationTaps(prepare.model, settings.semantics);
  const model = await calibrateObservers(prepare.model, taps, batches, job, settings.semantics);
  const samples = batches.reduce((sum, batch) => sum + batch.samples, 0);
  return {
    step: 'calibrate',
    model,
    changes: observedChanges(model),
    samples,
    batches: batches.length,
    summary: calibrateSummary(samples, batches.length),
    warning: nonFiniteWarning(model),
    failed: false,
  };
}

/** Where each observer looks; PyTorch's equalization observers refuse some ranks. */
function calibrationTaps(model: ObservedModel, semantics: Settings['semantics']): readonly StatsTap[] {
  const index = new GraphIndex(model.graph);
  return [...observerAxes(model)].map(([node, axis]) => {
    const isRefusing =
      semantics === 'pytorch' && Object.hasOwn(model.equalizationObservers, index.get(node).target);
    const checkRank = (rank: number) => checkObservedRank(index, node, rank);
    return { node, axis, ...(isRefusing && { checkRank }) };
  });
}

function observedChanges(model: ObservedModel): readonly Change[] {
  return observerNodes(model).map(({ node, module }) => {
    const observer = observerState(model, module);
    const columns = model.equalizationObservers[module]?.channels?.min.length ?? 0;
    const what = observer ? rangeText(observer.min, observer.max) : `the ranges of ${columns} columns`;
    const fixed = observer?.kind === 'fixed' ? ' (its parameters are fixed)' : '';
    return {
      kind: 'rescale',
      nodes: [node],
      what: 'observed',
      params: [],
      sentence: `${node} saw ${what}${fixed}.`,
    };
  });
}

/**
 * Equalizes, then compares the float model that would be exported with the one that was loaded, on calibration
 * data: nothing that any pass did on the way escapes the check.
 */
export async function equalizeStep(
  load: LoadSnapshot,
  prepare: PrepareSnapshot,
  calibrate: CalibrateSnapshot,
  settings: Settings,
  batches: readonly Batch[],
  job: Job,
): Promise<Timeless<EqualizeSnapshot>> {
  const { result, search } = await equalizeModel({ load, prepare, calibrate }, settings, batches, job);
  lint(result.model);
  const taps = floatTaps(result.model, result);
  const start = performance.now();
  const { outputs, taps: layers } = await compareModels(load.model, floatModel(result.model), batches, taps, {
    ...job,
    progress: progressOf(job, 'Equalize'),
  });
  const proofMs = performance.now() - start;
  const regions = provenRegions(result.decisions, layers);
  return {
    step: 'equalize',
    model: result.model,
    changes: result.changes,
    result,
    search,
    verification: outputs,
    regions,
    proofMs,
    ...equalizeReport(result.decisions, outputs, regions, settings.semantics),
  };
}

/** What the load step says of a model. */
export function loadStep(model: LoadSnapshot['model'], notes: readonly string[]): Timeless<LoadSnapshot> {
  return {
    step: 'load',
    model,
    changes: [],
    summary: loadSummary(model),
    warning: notes.length > 0 ? notes.join(' ') : null,
    failed: false,
  };
}

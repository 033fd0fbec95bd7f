import type { Batch } from '../exec/batches';
import { constantBudget } from '../exec/constantBudget';
import { keepConstants } from '../exec/deviceConstants';
import type { Job } from '../exec/job';
import { GraphError } from '../graph/errors';
import { keepTensors } from '../graph/lazyTensor';
import { compareSemantics } from './comparison/semanticsComparison';
import { ownRun } from './comparison/semanticsFigures';
import { convertStep } from './convertStep';
import { batchesOf } from './data/batching';
import { sameEqualization, sameQConfigs } from './qconfigs';
import { type Settings, type StepName, sameScales } from './settings';
import { done, keepThrough } from './snapshotSteps';
import type { Snapshots } from './snapshots';
import { calibrateStep, equalizeStep, prepareStep } from './steps';
import type { Work } from './studioView';
import { withDataWarning } from './summaries';

/* The steps over the work on a model: each gives new work, with its snapshot and without those made of the last one. */

export const NO_CALIBRATION =
  'There is no calibration data. Open images or a .npy, .npz, .csv or .safetensors file with samples of the model’s input (Calibration data…), or generate some for a first look (Generate…).';

const TITLES = {
  load: 'Load',
  prepare: 'Prepare',
  calibrate: 'Calibrate',
  equalize: 'Equalize',
  convert: 'Convert',
} as const satisfies Record<StepName, string>;

/** The calibration data in batches. Throws a GraphError without any. */
export function calibrationBatches({ calibration, snapshots }: Work): readonly Batch[] {
  if (!calibration) throw new GraphError(NO_CALIBRATION);
  return batchesOf(snapshots.load.model, calibration);
}

/** Calibration and evaluation data in batches; no evaluation data is null. */
export const dataBatches = (work: Work) => ({
  calibration: calibrationBatches(work),
  evaluation: work.evaluation && batchesOf(work.snapshots.load.model, work.evaluation),
});

/** Without the steps behind this one, which were made of its last outcome. */
export const keptThrough = (work: Work, step: StepName): Work => ({
  ...work,
  snapshots: keepThrough(work.snapshots, step),
});

/** Without the steps that a change of settings touches. */
export function reconfigured(work: Work, before: Settings, settings: Settings): Work {
  const touchesPrepare =
    before.semantics !== settings.semantics ||
    !sameQConfigs(before, settings) ||
    !sameEqualization(before, settings);
  if (touchesPrepare) return keptThrough(work, 'load');
  return sameScales(before, settings) ? work : keptThrough(work, 'calibrate');
}

/**
 * Bytes of tensors that stay on the host from one step to the next: calibration, the scales and the proof read each weight of
 * the float model, and the equalized ones are computed from it.
 */
const KEPT_BYTES = 2 ** 28;

/** Runs one step; those before it have run. */
export async function afterStep(work: Work, step: StepName, settings: Settings, job: Job): Promise<Work> {
  job.signal.throwIfAborted();
  job.progress(TITLES[step], 0, 1);
  keepTensors(KEPT_BYTES);
  keepConstants(constantBudget());
  const start = performance.now();
  const { snapshots } = work;
  const { load } = snapshots;
  const add = (previous: StepName, made: Partial<Snapshots>): Work => ({
    ...work,
    snapshots: { ...keepThrough(snapshots, previous), ...made },
  });
  const timed = <S>(snapshot: S) => ({ ...snapshot, ms: performance.now() - start });
  switch (step) {
    case 'load':
      return work;
    case 'prepare':
      return add('load', { prepare: timed(prepareStep(load, settings)) });
    case 'calibrate': {
      const made = await calibrateStep(done(snapshots, 'prepare'), settings, calibrationBatches(work), job);
      return add('prepare', { calibrate: timed(withDataWarning(made, work.calibration)) });
    }
    case 'equalize': {
      const [prepare, calibrate] = [done(snapshots, 'prepare'), done(snapshots, 'calibrate')];
      const made = await equalizeStep(load, prepare, calibrate, settings, calibrationBatches(work), job);
      return add('calibrate', { equalize: timed(made) });
    }
    case 'convert': {
      const [calibrate, equalize] = [done(snapshots, 'calibrate'), done(snapshots, 'equalize')];
      const made = await convertStep(load, calibrate, equalize, settings, dataBatches(work), job);
      return add('equalize', { convert: timed(made) });
    }
    default:
      return step satisfies never;
  }
}

/** Adds what the other semantics would have made of it. Convert, which has run, stands whatever becomes of that. */
export async function afterComparison(work: Work, settings: Settings, job: Job): Promise<Work> {
  const { snapshots } = work;
  const own = ownRun(settings.semantics, {
    prepare: done(snapshots, 'prepare'),
    calibrate: done(snapshots, 'calibrate'),
    equalize: done(snapshots, 'equalize'),
    convert: done(snapshots, 'convert'),
  });
  const comparison = await compareSemantics(snapshots.load, own, settings, calibrationBatches(work), job);
  return { ...work, snapshots: { ...keepThrough(snapshots, 'convert'), comparison } };
}

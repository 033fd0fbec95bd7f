import type { Batch } from '../../exec/batches';
import type { Job } from '../../exec/job';
import { GraphError } from '../../graph/errors';
import type { StepError } from '../comparisonView';
import type { Semantics, Settings, StepName } from '../settings';
import type {
  CalibrateSnapshot,
  ConvertSnapshot,
  EqualizeSnapshot,
  LoadSnapshot,
  PrepareSnapshot,
} from '../snapshots';
import { calibrateStep, convertStep, equalizeStep, prepareStep } from '../steps';

/** Every step of one semantics on one model, with the same data and settings as the other's. */
export interface SemanticsRun {
  readonly semantics: Semantics;
  readonly prepare: PrepareSnapshot;
  readonly calibrate: CalibrateSnapshot;
  readonly equalize: EqualizeSnapshot;
  readonly convert: ConvertSnapshot;
}

export type Attempt =
  | { readonly run: SemanticsRun; readonly error: null }
  | { readonly run: null; readonly error: StepError };

/**
 * Runs all steps in the given semantics. An error of the graph is a result; what else goes wrong (a cancel, the
 * device) is thrown.
 */
export async function runSemantics(
  load: LoadSnapshot,
  settings: Settings,
  batches: readonly Batch[],
  job: Job,
): Promise<Attempt> {
  let step: StepName = 'prepare';
  try {
    const prepare = await timed(() => prepareStep(load, settings));
    step = 'calibrate';
    const calibrate = await timed(() => calibrateStep(prepare, settings, batches, job));
    step = 'equalize';
    const equalize = await timed(() => equalizeStep(load, prepare, calibrate, settings, batches, job));
    step = 'convert';
    const data = { calibration: batches, evaluation: null };
    const convert = await timed(() => convertStep(load, calibrate, equalize, data, job));
    return { run: { semantics: settings.semantics, prepare, calibrate, equalize, convert }, error: null };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return { run: null, error: { step, message: error.message, node: error.node } };
  }
}

async function timed<S>(step: () => S | Promise<S>): Promise<S & { readonly ms: number }> {
  const start = performance.now();
  const snapshot = await step();
  return { ...snapshot, ms: performance.now() - start };
}

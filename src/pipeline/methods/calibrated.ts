import type { Batch } from '../../exec/batches';
import type { Job } from '../../exec/job';
import type { Settings } from '../settings';
import type { LoadSnapshot } from '../snapshots';
import { calibrateStep, prepareStep } from '../steps';

/** The steps up to calibrate under settings of their own, beside those of the user. */
export async function calibrated(
  load: LoadSnapshot,
  settings: Settings,
  batches: readonly Batch[],
  job: Job,
) {
  const prepare = { ...prepareStep(load, settings), ms: 0 };
  const calibrate = { ...(await calibrateStep(prepare, settings, batches, job)), ms: 0 };
  return { load, prepare, calibrate };
}

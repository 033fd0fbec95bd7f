import type { EqualizeResult } from '../equalize/equalization';
import { equalizeExact } from '../equalize/exact';
import { equalizePyTorch } from '../equalize/pytorch';
import type { Batch } from '../exec/batches';
import { observeAgain } from '../exec/calibrateObservers';
import type { Job } from '../exec/job';
import type { SearchResult } from '../search/searchPlans';
import { planEqualization } from './plans';
import { progressOf } from './progress';
import { equalizationConfig } from './qconfigs';
import type { Settings } from './settings';
import type { CalibrateSnapshot, LoadSnapshot, PrepareSnapshot } from './snapshots';

/** The steps that equalization builds on. */
export interface Calibrated {
  readonly load: Pick<LoadSnapshot, 'model'>;
  readonly prepare: Pick<PrepareSnapshot, 'fused'>;
  readonly calibrate: Pick<CalibrateSnapshot, 'model'>;
}

export interface Equalized {
  readonly result: EqualizeResult;
  /** What the method `auto` tried; null without it. */
  readonly search: SearchResult | null;
}

/**
 * Equalizes; in exact semantics observers that need more than a range (histograms, averages over batches) then see
 * their scaled tensors. PyTorch gives them the scaled range and keeps the rest as it was.
 */
export async function equalizeModel(
  { load, prepare, calibrate }: Calibrated,
  settings: Settings,
  batches: readonly Batch[],
  job: Job,
): Promise<Equalized> {
  const { fused } = prepare;
  const { model } = calibrate;
  const config = equalizationConfig(settings, fused);
  if (settings.semantics === 'pytorch')
    return { result: equalizePyTorch(fused, model, config), search: null };
  const { plans, search } = await planEqualization({ float: load.model, model, batches }, settings, job);
  const result = equalizeExact(fused, model, config, plans);
  const work = { ...job, progress: progressOf(job, 'Equalize') };
  const observed = await observeAgain(result.model, result.rescaled, batches, work);
  return { result: { ...result, model: observed }, search };
}

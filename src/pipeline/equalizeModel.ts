import type { EqualizeResult } from '../equalize/equalization';
import { equalizeExact } from '../equalize/exact';
import { planScale } from '../equalize/plan';
import { equalizePyTorch } from '../equalize/pytorch';
import { findRegions, usualPlacements } from '../equalize/regions/regions';
import { inputWeight } from '../equalize/rules/inputWeight';
import type { Batch } from '../exec/batches';
import { observeAgain } from '../exec/calibrateObservers';
import type { Job } from '../exec/job';
import { progressOf } from './progress';
import { equalizationConfig } from './qconfigs';
import type { Settings } from './settings';
import type { CalibrateSnapshot, PrepareSnapshot } from './snapshots';

/**
 * Equalizes; in exact semantics observers that need more than a range (histograms, averages over batches) then see
 * their scaled tensors. PyTorch gives them the scaled range and keeps the rest as it was.
 */
export async function equalizeModel(
  prepare: PrepareSnapshot,
  calibrate: CalibrateSnapshot,
  settings: Settings,
  batches: readonly Batch[],
  job: Job,
): Promise<EqualizeResult> {
  const config = equalizationConfig(settings, prepare.fused);
  if (settings.semantics === 'pytorch') return equalizePyTorch(prepare.fused, calibrate.model, config);
  const plans = findRegions(calibrate.model)
    .flatMap(usualPlacements)
    .map((placement) => planScale(calibrate.model, placement, inputWeight));
  const result = equalizeExact(prepare.fused, calibrate.model, config, plans);
  const work = { ...job, progress: progressOf(job, 'Equalize') };
  return { ...result, model: await observeAgain(result.model, result.rescaled, batches, work) };
}

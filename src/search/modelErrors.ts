import { applyPlans } from '../equalize/exact';
import type { Plan } from '../equalize/plan';
import type { Batch } from '../exec/batches';
import { observeAgain } from '../exec/calibrateObservers';
import { compareEach } from '../exec/compare';
import type { Job } from '../exec/job';
import type { Model } from '../graph/model';
import { convertReference } from '../quant/convert/convertReference';
import type { ObservedModel } from '../quant/observer';
import { inGroups } from './groups';

/** What a search works on. */
export interface SearchInput {
  /** The model as it was loaded: what int8 is compared with. */
  readonly float: Model;
  /** Calibrated. */
  readonly model: ObservedModel;
  readonly batches: readonly Batch[];
}

/**
 * SQNR in dB of the whole int8 model's output under each choice of plans; null where the float output is all zero. The
 * int8 model is the reference form, as `convert` measures it.
 */
export async function modelErrors(
  { float, model, batches }: SearchInput,
  choices: readonly (readonly Plan[])[],
  job: Job,
): Promise<readonly (number | null)[]> {
  const sqnrs: (number | null)[] = [];
  for (const group of inGroups(choices, float)) {
    const candidates: { model: Model; taps: [] }[] = [];
    for (const plans of group) {
      const applied = applyPlans(model, plans);
      const seen = await observeAgain(applied.model, applied.rescaled, batches, job);
      candidates.push({ model: convertReference(seen).model, taps: [] });
    }
    const results = await compareEach(float, candidates, batches, job);
    sqnrs.push(...results.map(({ outputs }) => outputs.sqnr));
  }
  return sqnrs;
}

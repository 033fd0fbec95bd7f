import type { EqualizeResult } from '../equalize/equalization';
import { applyPlans } from '../equalize/exact';
import type { Batch } from '../exec/batches';
import { observeAgain } from '../exec/calibrateObservers';
import { type Candidate as Compared, compareEach, type ModelTap } from '../exec/compare';
import type { Job } from '../exec/job';
import type { NodeName } from '../graph/ids';
import { convertReference } from '../quant/convert/convertReference';
import { channelAxis } from '../quant/layerAxes';
import type { ObservedModel } from '../quant/observer';
import { layerNodes } from '../quant/weightUse';
import type { Candidate } from './candidate';
import { inGroups } from './groups';
import type { RegionCut } from './regionCut';

/**
 * The int8 error that each candidate leaves at the outputs of a site's layers, in dB (more is better): the layers and
 * what takes their factors in int8, fed with the float model's values, against the same in float. Over several layers
 * the noise counts relative to each one's signal: `−10 log10(mean of 10^(−SQNR / 10))`. This is the objective of AWQ's
 * search (Lin et al. 2024, equation 4), with activations quantized too.
 */
export async function regionErrors(
  cut: RegionCut,
  batches: readonly Batch[],
  candidates: readonly Candidate[],
  job: Job,
): Promise<readonly number[]> {
  const errors: number[] = [];
  for (const group of inGroups(candidates, cut.model)) {
    const compared: Compared[] = [];
    for (const { plans } of group) compared.push(await int8Of(cut, plans, batches, job));
    const results = await compareEach(cut.model, compared, batches, job);
    errors.push(...results.map(({ taps }) => joined([...taps.values()].map(({ sqnr }) => sqnr))));
  }
  return errors;
}

async function int8Of(
  cut: RegionCut,
  plans: Candidate['plans'],
  batches: readonly Batch[],
  job: Job,
): Promise<Compared> {
  const applied = applyPlans(cut.model, plans);
  const seen = await observeAgain(applied.model, applied.rescaled, batches, job);
  return { model: convertReference(seen).model, taps: tapsOf(seen, cut.layers, applied) };
}

/** A layer of the region may also be one that takes its factors: its output is divided by them. */
function tapsOf(
  model: ObservedModel,
  names: readonly NodeName[],
  { outputScales, outputShifts }: Pick<EqualizeResult, 'outputScales' | 'outputShifts'>,
): readonly ModelTap[] {
  return layerNodes(model)
    .filter(({ node }) => names.includes(node.name))
    .map(({ node: { name }, call }) => {
      const values = outputScales.get(name);
      const shift = outputShifts.get(name) ?? null;
      const unscale = values ? { values, shift, axis: channelAxis(call) } : null;
      return { name, reference: name, candidate: name, unscale };
    });
}

function joined(sqnrs: readonly (number | null)[]): number {
  const known = sqnrs.filter((sqnr) => sqnr !== null);
  if (known.length === 0) return Number.POSITIVE_INFINITY;
  const noise = known.reduce((sum, sqnr) => sum + 10 ** (-sqnr / 10), 0) / known.length;
  return -10 * Math.log10(noise);
}

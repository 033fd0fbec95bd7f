import { planCrossLayer } from '../equalize/crossLayer';
import { editScales, type ScaleEdits } from '../equalize/editScales';
import { type Plan, planScale } from '../equalize/plan';
import { findRegions, type Region, usualPlacements } from '../equalize/regions/regions';
import { RULE_GRID } from '../equalize/rules/grid';
import { inputWeight } from '../equalize/rules/inputWeight';
import { smoothQuant } from '../equalize/rules/smoothQuant';
import type { Job } from '../exec/job';
import type { ObservedModel } from '../quant/observer';
import { type Candidate, type Site, sitesOf } from '../search/candidate';
import type { SearchInput } from '../search/modelErrors';
import { type SearchResult, searchPlans } from '../search/searchPlans';
import type { Method, Settings } from './settings';

/** What exact semantics does with every region, and what a search found out on the way. */
export interface Planned {
  readonly plans: readonly Plan[];
  readonly search: SearchResult | null;
}

/** Plans for all layers to equalize of a calibrated model, by the methods and scales that the settings choose. */
export async function planEqualization(input: SearchInput, settings: Settings, job: Job): Promise<Planned> {
  const { model } = input;
  const byMethod = new Map<Method, Region[]>();
  for (const region of findRegions(model)) {
    const method = methodOf(region, settings);
    byMethod.set(method, [...(byMethod.get(method) ?? []), region]);
  }
  const searched = byMethod.get('auto') ?? [];
  byMethod.delete('auto');
  const { scales } = settings.byHand;
  const fixed = [...byMethod]
    .flatMap(([method, regions]) => plansBy(model, method, regions, settings))
    .map((plan) => editScales(plan, scales));
  if (searched.length === 0) return { plans: fixed, search: null };
  // What is set by hand stands whatever is tried around it.
  const sites = searched
    .flatMap((region) => sitesOf(model, region, RULE_GRID))
    .map((site) => withEdits(site, scales));
  const search = await searchPlans(input, [...fixedSite(fixed), ...sites], job);
  return { plans: search.plans, search };
}

function withEdits(site: Site, scales: ScaleEdits): Site {
  const edited = (candidate: Candidate): Candidate => ({
    ...candidate,
    plans: candidate.plans.map((plan) => editScales(plan, scales)),
  });
  const [none, ...others] = site.candidates;
  return { ...site, candidates: [edited(none), ...others.map(edited)] };
}

/** The method of the first of the region's layers that has one of its own, else the global one. */
function methodOf({ consumers }: Pick<Region, 'consumers'>, { method, byHand }: Settings): Method {
  const own = consumers.map(({ layer }) => byHand.methods[layer.node.name]);
  return own.find((choice) => choice !== undefined) ?? method;
}

function plansBy(
  model: ObservedModel,
  method: Method,
  regions: readonly Region[],
  { alpha, absorbBias }: Settings,
): readonly Plan[] {
  if (method === 'cross-layer') return planCrossLayer(model, regions, absorbBias);
  const rule = method === 'smoothquant' ? smoothQuant(alpha) : inputWeight;
  return regions.flatMap(usualPlacements).map((placement) => planScale(model, placement, rule));
}

/** Layers with a method of their own stand as they are while a search decides on the others. */
const fixedSite = (plans: readonly Plan[]): readonly Site[] =>
  plans.length === 0
    ? []
    : [
        {
          placements: plans.map(({ placement }) => placement),
          candidates: [{ cost: 'none', rule: '', plans }],
        },
      ];

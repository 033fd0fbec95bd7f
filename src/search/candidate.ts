import type { MulReason, SkipReason } from '../equalize/decision';
import { type Plan, planScale } from '../equalize/plan';
import type { Placement, Region } from '../equalize/regions/regions';
import type { ScaleRule } from '../equalize/rules/scaleRule';
import type { ObservedModel } from '../quant/observer';

/** What a candidate costs when the model runs, the cheapest first. */
export const COSTS = ['none', 'fold', 'mul'] as const;
export type Cost = (typeof COSTS)[number];

/** One way to treat the layers of a site. */
export interface Candidate {
  readonly cost: Cost;
  /** The rule's title; empty for none. */
  readonly rule: string;
  readonly plans: readonly Plan[];
}

/** Layers that are decided on together, and what may be done with them. The first candidate leaves them alone. */
export interface Site {
  readonly placements: readonly Placement[];
  readonly candidates: readonly [Candidate, ...Candidate[]];
}

/**
 * The sites of a region. Where a fold is possible, it and the muls are alternatives; where it is not, each tensor is
 * decided on by itself.
 */
export function sitesOf(model: ObservedModel, region: Region, rules: readonly ScaleRule[]): readonly Site[] {
  const { fold, muls } = region;
  if (fold) return [siteOf(model, muls, fold, rules)];
  return muls.map((mul) => siteOf(model, [mul], null, rules));
}

function siteOf(
  model: ObservedModel,
  muls: readonly Placement[],
  fold: Placement | null,
  rules: readonly ScaleRule[],
): Site {
  const all = (cost: Cost, placements: readonly Placement[]): readonly Candidate[] =>
    rules.flatMap((rule) => {
      const plans = placements.map((placement) => planScale(model, placement, rule));
      const isScaled = plans.some(({ scale }) => scale.values.some((value) => value !== 1));
      return isScaled ? [{ cost, rule: rule.title, plans }] : [];
    });
  const placements = fold ? [fold] : muls;
  const scaled = [...(fold ? all('fold', [fold]) : []), ...all('mul', muls)];
  return { placements, candidates: [none(placements, { kind: 'no-gain', tried: scaled.length }), ...scaled] };
}

const none = (placements: readonly Placement[], skip: SkipReason): Candidate => ({
  cost: 'none',
  rule: '',
  plans: placements.map((placement) => ({ placement, skip })),
});

/** The candidate's plans with the reason why they were taken over a fold. */
export const withReason = (plans: readonly Plan[], reason: MulReason): readonly Plan[] =>
  plans.map((plan) => ('skip' in plan ? plan : { ...plan, reason }));

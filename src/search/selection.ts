import { type Candidate, COSTS, type Cost } from './candidate';

/** One candidate of a site, and what it came to. */
export interface Trial {
  readonly candidate: Candidate;
  /** SQNR of the outputs of the site's own layers, in dB: `regionErrors`. */
  readonly region: number;
  /** SQNR of the whole model's output in dB, with the other sites as they were chosen then; null where not measured. */
  readonly model: number | null;
}

/** What each kind of candidate has to gain in dB over a cheaper one: a mul costs run time, a fold changes weights. */
export const WORTH: { readonly [C in Cost]: number } = { none: 0, fold: 0.02, mul: 0.1 };

/** An error that is not known is the worst. */
export const worstIfNull = (sqnr: number | null): number => sqnr ?? Number.NEGATIVE_INFINITY;

/** No equalization, and of folds and muls those that are best at their own layers: `count` each. */
export const shortlisted = (trials: readonly Trial[], count: number): readonly Trial[] =>
  COSTS.flatMap((cost) =>
    trials
      .filter(({ candidate }) => candidate.cost === cost)
      .toSorted((a, b) => b.region - a.region)
      .slice(0, count),
  );

/** The best of the measured ones, of which a costlier one has to gain what it is worth (`WORTH`). */
export function worthwhile(trials: readonly Trial[]): Candidate | null {
  let taken: Trial | null = null;
  for (const cost of COSTS) {
    const [best] = trials
      .filter(({ candidate, model }) => candidate.cost === cost && model !== null)
      .toSorted((a, b) => worstIfNull(b.model) - worstIfNull(a.model));
    if (!best) continue;
    const gain = taken ? worstIfNull(best.model) - worstIfNull(taken.model) : Number.POSITIVE_INFINITY;
    if (gain >= WORTH[cost]) taken = best;
  }
  return taken?.candidate ?? null;
}

/** By how many dB the best measured candidate of one cost beats that of another; null where one was not measured. */
export function advantage(
  trials: readonly Trial[],
  of: Candidate['cost'],
  over: Candidate['cost'],
): number | null {
  const best = (cost: Candidate['cost']) =>
    Math.max(...trials.filter((t) => t.candidate.cost === cost).map((trial) => worstIfNull(trial.model)));
  const by = best(of) - best(over);
  return Number.isFinite(by) ? by : null;
}

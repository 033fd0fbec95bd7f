import { type Candidate, COSTS } from './candidate';

/** One candidate of a site, and what it came to. */
export interface Trial {
  readonly candidate: Candidate;
  /** SQNR of the outputs of the site's own layers, in dB: `regionErrors`. */
  readonly region: number;
  /** SQNR of the whole model's output in dB, with the other sites as they were chosen then; null where not measured. */
  readonly model: number | null;
}

/** A cheaper candidate is taken when it is within so many dB of the best. */
export const TOLERANCE = 0.1;

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

/** Of the measured ones within the tolerance of the best the cheapest, and of equally cheap ones the best. */
export function cheapestOfTheBest(trials: readonly Trial[]): Candidate | null {
  const value = ({ model }: Trial) => worstIfNull(model);
  const best = Math.max(...trials.map(value));
  const near = trials.filter((trial) => value(trial) >= best - TOLERANCE);
  for (const cost of COSTS) {
    const [first] = near.filter((t) => t.candidate.cost === cost).toSorted((a, b) => value(b) - value(a));
    if (first) return first.candidate;
  }
  return null;
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

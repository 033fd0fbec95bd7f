import type { Plan } from '../equalize/plan';
import type { Job } from '../exec/job';
import { type Candidate, type Site, withReason } from './candidate';
import { firstSamples } from './firstSamples';
import { modelErrors, type SearchInput } from './modelErrors';
import { rankSite } from './rankSite';
import { advantage, shortlisted, type Trial, worstIfNull, worthwhile } from './selection';

export interface SearchResult {
  readonly plans: readonly Plan[];
  /** By site: all that was tried, and which was taken. */
  readonly sites: readonly SearchedSite[];
  /** SQNR of the model's output in dB on all data, without and with the plans; null where there is no signal. */
  readonly plain: number | null;
  readonly found: number | null;
}

export interface SearchedSite {
  readonly site: Site;
  readonly trials: readonly Trial[];
  readonly chosen: Candidate;
}

/** How often the whole model may run in int8, about: of many sites, fewer candidates each are measured in it. */
const MODEL_RUNS = 400;
const SWEEPS = 2;

/**
 * Chooses a candidate for each site, so that the int8 model never comes out worse than with every site's first one:
 *
 * 1. each candidate's error at its own layers (`regionErrors`) ranks the candidates of a site;
 * 2. site by site, in graph order and twice over, the best of them are measured by the error of the whole model's output;
 *    the best stays, but a mul, which costs run time, has to gain 0.1 dB over the best fold, and a fold 0.02 dB over none;
 * 3. on all data, choices that lose against the plain model are taken back.
 *
 * Deterministic. Reports progress under `Search` and throws the signal's reason when cancelled.
 */
export async function searchPlans(
  input: SearchInput,
  sites: readonly Site[],
  job: Job,
): Promise<SearchResult> {
  const search = new Search(input, sites, job);
  for (const [i, site] of sites.entries()) await search.rank(i, site);
  for (let sweep = 0; sweep < SWEEPS; sweep++) if (!(await search.sweep())) break;
  return search.result();
}

class Search {
  private readonly input: SearchInput;
  private readonly shortlist: number;
  private readonly trials: (readonly Trial[])[];
  private chosen: readonly Candidate[];
  private done = 0;
  private readonly total: number;
  /** The parts of the search tell their own progress under names of their own. */
  private readonly quiet: Job;

  constructor(
    private readonly all: SearchInput,
    private readonly sites: readonly Site[],
    private readonly job: Job,
  ) {
    this.input = { ...all, batches: firstSamples(all.batches) };
    this.quiet = { ...job, progress: () => {} };
    const open = sites.filter(({ candidates }) => candidates.length > 1).length;
    this.shortlist = Math.max(2, Math.floor(MODEL_RUNS / SWEEPS / 2 / Math.max(1, open)));
    this.trials = sites.map(() => []);
    this.chosen = sites.map(({ candidates: [none] }) => none);
    const listed = (site: Site) => Math.min(site.candidates.length, 2 * this.shortlist + 1);
    this.total = sites.reduce((sum, s) => sum + s.candidates.length + SWEEPS * listed(s), 0);
  }

  private progress(steps: number): void {
    this.done += steps;
    this.job.progress('Search', Math.min(this.done, this.total), this.total);
  }

  /** What each candidate of a site does to the site itself. */
  async rank(i: number, site: Site): Promise<void> {
    const { candidates } = site;
    if (candidates.length > 1) {
      this.trials[i] = await rankSite(this.input, site, this.quiet);
    }
    this.progress(candidates.length);
  }

  /** Decides on every site anew, given the others; false when nothing changed. */
  async sweep(): Promise<boolean> {
    const before = this.chosen;
    for (const i of this.sites.keys()) await this.choose(i);
    return this.chosen.some((candidate, i) => candidate !== before[i]);
  }

  /** Measures the best candidates of a site in the whole model and takes one. */
  private async choose(i: number): Promise<void> {
    const trials = this.trials[i] ?? [];
    const listed = shortlisted(trials, this.shortlist);
    const choices = listed.map(({ candidate }) => this.chosen.with(i, candidate));
    const measured = await modelErrors(this.input, choices.map(plansOf), this.quiet);
    const news = new Map(listed.map(({ candidate }, c) => [candidate, measured[c] ?? null]));
    const told = trials.map((trial) => ({ ...trial, model: news.get(trial.candidate) ?? null }));
    this.trials[i] = told;
    const next = worthwhile(told.filter(({ candidate }) => news.has(candidate)));
    if (next) this.chosen = this.chosen.with(i, next);
    this.progress(listed.length);
  }

  async result(): Promise<SearchResult> {
    const first = this.sites.map(({ candidates: [none] }) => none);
    const [plain = null] = await modelErrors(this.all, [plansOf(first)], this.quiet);
    const found = await this.takeBackLosses(plain);
    const sites = this.sites.map((site, i) => ({
      site,
      trials: this.trials[i] ?? [],
      chosen: this.chosen[i] ?? site.candidates[0],
    }));
    return { plans: sites.flatMap(explained), sites, plain, found };
  }

  /** Takes choices back, the one that costs most first, until the model is no worse than the plain one. */
  private async takeBackLosses(plain: number | null): Promise<number | null> {
    let [found = null] = await modelErrors(this.all, [plansOf(this.chosen)], this.quiet);
    while (worstIfNull(found) < worstIfNull(plain)) {
      const without = this.sites.flatMap(({ candidates: [none] }, i) =>
        this.chosen[i] === none ? [] : [this.chosen.with(i, none)],
      );
      const measured = (await modelErrors(this.all, without.map(plansOf), this.quiet)).map(worstIfNull);
      const best = measured.indexOf(Math.max(...measured));
      const next = without[best];
      if (!next) return found;
      this.chosen = next;
      found = measured[best] ?? null;
    }
    return found;
  }
}

const plansOf = (candidates: readonly Candidate[]): readonly Plan[] =>
  candidates.flatMap(({ plans }) => plans);

/** A mul where a fold was possible says how much more it gains. */
function explained({ trials, chosen }: SearchedSite): readonly Plan[] {
  const by = chosen.cost === 'mul' ? advantage(trials, 'mul', 'fold') : null;
  return by === null ? chosen.plans : withReason(chosen.plans, { kind: 'more-accurate', by });
}

import type { LayerSqnr, StepName, StepView, StudioView } from '../../src/index';
import { grouped } from './counting';
import { plainKey } from './finishedRuns';
import type { JobOwner, JobState, Studio } from './studio';
import { BESIDE_TITLES, type BesideJob, STEP_WORDS, STEPS } from './vocabulary';

export type StepState = 'todo' | 'running' | 'done' | 'failed';

/** The state of a step's row: a job under way first, then its failure, then its result. */
export function stepState(studio: Pick<Studio, 'job' | 'failures' | 'view'>, step: StepName): StepState {
  if (studio.job?.step === step) return 'running';
  const view = studio.view.steps[step];
  if (studio.failures[step] !== undefined || view?.failed === true) return 'failed';
  return view === undefined ? 'todo' : 'done';
}

/** The last step that has run and comes before `step`, whose graph is the “before” of a comparison. */
export function stepBefore(view: StudioView, step: StepName): StepView | null {
  const earlier = STEPS.slice(0, STEPS.indexOf(step)).filter((name) => view.steps[name] !== undefined);
  const last = earlier.at(-1);
  return last === undefined ? null : (view.steps[last] ?? null);
}

/** The step itself when it has run, else the last one before it that has. */
export const shownOrEarlier = (view: StudioView, step: StepName): StepName =>
  view.steps[step] !== undefined ? step : (stepBefore(view, step)?.step ?? 'load');

/** The first step that has not run, which the page offers as the next. */
export const nextStep = (view: StudioView): StepName | undefined =>
  STEPS.find((step) => view.steps[step] === undefined);

/** Whether a step's graph has the node. */
export const holds = (step: StepView | null | undefined, node: string): boolean =>
  step?.graph.nodes.some((candidate) => candidate.name === node) ?? false;

/** The step to ask about a node: the shown one, or the one before when this step removed the node. */
export function stepHolding(view: StudioView, shown: StepName, node: string): StepName | null {
  if (holds(view.steps[shown], node)) return shown;
  const before = stepBefore(view, shown);
  return before !== null && holds(before, node) ? before.step : null;
}

/** Whether any step's graph has the node. */
export const isHeld = (view: StudioView, node: string): boolean =>
  STEPS.some((step) => holds(view.steps[step], node));

/** The step that failed at this node; null when none did. */
export const failedAt = ({ failures }: Pick<Studio, 'failures'>, node: string): StepName | null =>
  STEPS.find((step) => failures[step]?.node === node) ?? null;

/** What running a step comes to: those before it that are missing, then itself. */
export const stepsToRun = (view: StudioView, step: StepName): readonly StepName[] =>
  STEPS.slice(1, STEPS.indexOf(step) + 1).filter((name) => name === step || view.steps[name] === undefined);

const UNITS: { readonly [J in BesideJob]: string } = {
  compareMethods: 'method',
  advise: 'region',
  checkRuntime: 'run',
  countValues: 'batch',
};

/** Whether a job stands beside the steps. */
export const isBeside = (owner: JobOwner): owner is BesideJob => owner !== null && owner in BESIDE_TITLES;

/** `Compare methods · method 2 of 6`; parts of one count as the one under way. */
function besideLabel(owner: BesideJob, { phase, done, total }: JobState): string {
  const title = BESIDE_TITLES[owner];
  if (total === 0) return title;
  if (phase !== title)
    return `${title} · ${phase.toLowerCase()} ${grouped(Math.floor(done))} of ${grouped(total)}`;
  return `${title} · ${UNITS[owner]} ${grouped(Math.min(total, Math.floor(done) + 1))} of ${grouped(total)}`;
}

/** What runs, by its name: `Calibrate`, `Compare methods`, `Read files`. */
function jobTitle({ step, phase }: JobState): string {
  if (isBeside(step)) return BESIDE_TITLES[step];
  return step === null ? phase : STEP_WORDS[step].title;
}

/** The work under way in words: `Calibrate · batch 10 of 16`, `Convert · compare 3 of 8`, `Cancelling Convert…`. */
export function jobLabel(job: JobState): string {
  const { step, phase, done, total, cancelling } = job;
  const title = jobTitle(job);
  if (cancelling) return `Cancelling ${title}…`;
  if (isBeside(step)) return besideLabel(step, job);
  const part = phase === title ? 'batch' : phase.toLowerCase();
  if (total > 1) return `${title} · ${part} ${grouped(Math.floor(done))} of ${grouped(total)}`;
  return phase.startsWith(title) ? phase : `${title} · ${part}`;
}

/** How much of the job's phase is done, 0…1; null where nothing can be said, as of one batch that has only begun. */
export function shareDone({ done, total }: JobState): number | null {
  if (total === 0 || (total === 1 && done === 0)) return null;
  return Math.min(1, done / total);
}

/** In words, why weights saved now would be those of another function; null when they are not. */
export function brokenExport({ view, shown }: Pick<Studio, 'view' | 'shown'>): string | null {
  const { equalize } = view.steps;
  const isEqualized = shown === 'equalize' || shown === 'convert';
  if (!isEqualized || !(equalize?.failed || equalize?.functionChanged)) return null;
  return equalize.warning;
}

/**
 * The layers from the lowest SQNR up, as the newest run measured them under these settings: a change of the layers to
 * be equalized leaves int8 without equalization as it is. Empty when no run did.
 */
export function layersBySqnr({
  runs,
  settings,
  view,
}: Pick<Studio, 'runs' | 'settings' | 'view'>): readonly LayerSqnr[] {
  const source = view.calibration?.source;
  if (source === undefined) return [];
  const key = plainKey(settings, source);
  return runs.findLast((run) => plainKey(run.settings, run.calibration) === key)?.results.lowestFirst ?? [];
}

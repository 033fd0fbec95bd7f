import type { StepName, StepView, StudioView } from '../../src/index';
import type { Studio } from './studio';
import { STEP_WORDS, STEPS } from './vocabulary';

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

const holds = (step: StepView | null | undefined, node: string): boolean =>
  step?.graph.nodes.some((candidate) => candidate.name === node) ?? false;

/** The step to ask about a node: the shown one, or the one before when this step removed the node. */
export function stepHolding(view: StudioView, shown: StepName, node: string): StepName | null {
  if (holds(view.steps[shown], node)) return shown;
  const before = stepBefore(view, shown);
  return before !== null && holds(before, node) ? before.step : null;
}

/** The step that a progress phase belongs to: phases begin with the step's title (`Calibrate: batch`). */
export const stepOfPhase = (phase: string): StepName | undefined =>
  STEPS.find((step) => phase.toLowerCase().startsWith(STEP_WORDS[step].title.toLowerCase()));

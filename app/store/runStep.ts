import type { StepName, StudioView } from '../../src/index';
import type { EngineApi, EngineFailure, ProgressListener } from '../engine/api';
import { withGraphs } from './compare/compareSlice';
import { withRun } from './finishedRuns';
import { holds, stepBefore } from './selectors';
import type { Studio } from './studio';
import { STEP_WORDS, STEPS } from './vocabulary';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

/** Failures that remain when `step` is run again: only those of the steps before it. */
const failuresBefore = (failures: Studio['failures'], step: StepName): Studio['failures'] =>
  Object.fromEntries(STEPS.slice(0, STEPS.indexOf(step)).map((name) => [name, failures[name]]));

const progressOf =
  (step: StepName, set: Set, get: Get): ProgressListener =>
  (phase, done, total) => {
    const { job } = get();
    // A late message of a step that has ended must bring neither its name nor its progress bar back.
    if (job?.step === step) set({ job: { ...job, phase, done, total } });
  };

function endEarly(set: Set, get: Get, step: StepName, error: EngineFailure) {
  const { title } = STEP_WORDS[step];
  if (error.kind === 'cancelled') get().announce(`${title}: cancelled`);
  else {
    const { message, node } = error;
    set({ failures: { ...get().failures, [step]: { message, node } } });
    get().report(message, { title: `${title} failed${node === null ? '' : ` at ${node}`}`, subject: step });
    if (node !== null) reveal(get, step, node);
  }
}

/** Leads to the node at fault: in the graph that is shown, else in the one that the step worked on. */
function reveal(get: Get, step: StepName, node: string) {
  const { view, shown, showStep, goTo } = get();
  const place = [shown, stepBefore(view, step)?.step].find(
    (name) => name !== undefined && holds(view.steps[name], node),
  );
  if (place === undefined) return;
  if (place !== shown) showStep(place);
  goTo(node);
}

/** Runs one step of a job; null when it ended early. Whoever asked shows what came of it. */
export async function runStep(
  engine: EngineApi,
  set: Set,
  get: Get,
  step: StepName,
): Promise<StudioView | null> {
  const { job, settings, enginesBefore } = get();
  if (job === null) return null;
  const { title } = STEP_WORDS[step];
  if (job.cancelling) {
    get().announce(`${title}: cancelled`);
    return null;
  }
  set({
    failures: failuresBefore(get().failures, step),
    job: { ...job, step, phase: title, done: 0, total: 0 },
  });
  get().settle(step);
  const outcome = await engine.run(step, settings, progressOf(step, set, get));
  // Another engine takes over: what became of the step is the recovery's to say.
  if (get().enginesBefore !== enginesBefore) return null;
  if (!outcome.ok) {
    endEarly(set, get, step, outcome.error);
    return null;
  }
  if (step === 'convert') {
    const runs = withRun(get().runs, outcome.value, settings);
    set({ runs, runGraphs: withGraphs(get().runGraphs, runs, outcome.value) });
  }
  return outcome.value;
}

/** What a step came to, for the status line. */
export const outcomeOf = (view: StudioView, step: StepName): string =>
  `${STEP_WORDS[step].title}: ${view.steps[step]?.summary ?? 'done'}`;

import type { Settings, StepName } from '../../src/index';
import type { EngineApi, EngineFailure, ProgressListener } from '../engine/api';
import { withRun } from './finishedRuns';
import { inForm } from './forms';
import { holds, isHeld, shownOrEarlier, stepBefore, stepsToRun } from './selectors';
import type { Slice, StepJobs, Studio } from './studio';
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

/** Runs one step of a job; false when it ended early. What ran before it stays, and stays shown. */
async function runOne(engine: EngineApi, set: Set, get: Get, step: StepName): Promise<boolean> {
  const { job, settings } = get();
  if (job === null) return false;
  const { title } = STEP_WORDS[step];
  if (job.cancelling) {
    get().announce(`${title}: cancelled`);
    return false;
  }
  set({
    failures: failuresBefore(get().failures, step),
    job: { ...job, step, phase: title, done: 0, total: 0 },
  });
  get().settle(step);
  const outcome = await engine.run(step, settings, progressOf(step, set, get));
  if (!outcome.ok) {
    endEarly(set, get, step, outcome.error);
    return false;
  }
  get().adopt(outcome.value, step);
  if (step === 'convert') set({ runs: withRun(get().runs, outcome.value, settings) });
  get().announce(`${title}: ${outcome.value.steps[step]?.summary ?? 'done'}`);
  return true;
}

const runSteps =
  (engine: EngineApi, set: Set, get: Get) =>
  (step: StepName): Promise<void> => {
    const steps = stepsToRun(get().view, step);
    const first = steps[0] ?? step;
    return get().exclusively(first, STEP_WORDS[first].title, async () => {
      for (const name of steps) if (!(await runOne(engine, set, get, name))) return;
    });
  };

/** Says what was chosen, and which results have gone with the change. */
function announceChange(get: Get, before: Studio['view'], what: string | null) {
  const lost = STEPS.find((step) => before.steps[step] !== undefined && get().view.steps[step] === undefined);
  const steps = lost === 'convert' ? 'Convert' : lost && `${STEP_WORDS[lost].title} and later steps`;
  const again = steps && `${steps} will run again`;
  if (what !== null) get().announce(again === undefined ? what : `${what}. ${again}`);
  else if (again !== undefined) get().announce(`Settings changed: ${again}`);
}

const changeSettings =
  (engine: EngineApi, set: Set, get: Get) =>
  async (patch: Partial<Settings>, what: string | null = null): Promise<void> => {
    const { settings: previous, view } = get();
    const settings: Settings = { ...previous, ...patch };
    set({ settings });
    if (view.model === null) return;
    const outcome = await engine.configure(settings);
    // Another change overtook this one: its answer is the one that counts.
    if (get().settings !== settings) return;
    if (!outcome.ok) {
      set({ settings: previous });
      get().report(outcome.error.message, { title: 'Settings', subject: 'settings' });
      return;
    }
    set({ failures: {} });
    get().settle('settings', ...STEPS);
    get().adopt(outcome.value, get().shown);
    announceChange(get, view, what);
  };

export const createStepJobs =
  (engine: EngineApi): Slice<StepJobs> =>
  (set, get) => ({
    run: runSteps(engine, set, get),
    cancel: async () => {
      const { job } = get();
      if (job !== null) set({ job: { ...job, cancelling: true } });
      await engine.cancel();
    },
    changeSettings: changeSettings(engine, set, get),
    exportFile: async (kind) => {
      get().settle('export');
      const outcome = await engine.exportFile(kind, get().shown, get().form);
      if (!outcome.ok) {
        get().report(outcome.error.message, { title: 'Export', subject: 'export' });
        return null;
      }
      get().announce(`Exported ${outcome.value.name}`);
      return outcome.value;
    },
    adopt: (found, shown) => {
      const { selected, form } = get();
      const view = inForm(found, form);
      set({ view, shown: shownOrEarlier(view, shown) });
      if (selected !== null && !isHeld(view, selected)) get().select(null);
      else void get().refreshDetails();
    },
  });

import type { Settings, StepName } from '../../src/index';
import type { EngineApi, EngineFailure, ProgressListener } from '../engine/api';
import { shownOrEarlier, stepOfPhase } from './selectors';
import type { Slice, StepJobs, Studio } from './studio';
import { STEP_WORDS, STEPS } from './vocabulary';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

/** Failures that remain when `step` is run again: only those of the steps before it. */
const failuresBefore = (failures: Studio['failures'], step: StepName): Studio['failures'] =>
  Object.fromEntries(STEPS.slice(0, STEPS.indexOf(step)).map((name) => [name, failures[name]]));

const progressOf =
  (requested: StepName, set: Set, get: Get): ProgressListener =>
  (phase, done, total) => {
    // A late message of a job that has ended must not bring its progress bar back.
    if (get().job !== null) set({ job: { step: stepOfPhase(phase) ?? requested, phase, done, total } });
  };

/**
 * A run that ended early: asks which steps were done by then, marks the first that was not, and says why. Progress
 * cannot tell which step it was: its messages and the answer come by different ports, in any order.
 */
async function endEarly(engine: EngineApi, set: Set, get: Get, requested: StepName, error: EngineFailure) {
  const left = await engine.configure(get().settings);
  if (left.ok) get().adopt(left.value, get().shown);
  const wanted = STEPS.slice(0, STEPS.indexOf(requested) + 1);
  const step = wanted.find((name) => get().view.steps[name] === undefined) ?? requested;
  if (error.kind === 'cancelled') get().announce(`${STEP_WORDS[step].title}: cancelled`);
  else {
    set({ failures: { ...get().failures, [step]: error.message } });
    get().report(`${STEP_WORDS[step].title}: ${error.message}`);
  }
}

const runStep =
  (engine: EngineApi, set: Set, get: Get) =>
  (step: StepName): Promise<void> =>
    get().exclusively(step, STEP_WORDS[step].title, async () => {
      set({ failures: failuresBefore(get().failures, step) });
      const outcome = await engine.run(step, get().settings, progressOf(step, set, get));
      if (!outcome.ok) return endEarly(engine, set, get, step, outcome.error);
      get().adopt(outcome.value, step);
      get().announce(`${STEP_WORDS[step].title}: ${outcome.value.steps[step]?.summary ?? 'done'}`);
    });

const changeSettings =
  (engine: EngineApi, set: Set, get: Get) =>
  async (patch: Partial<Settings>): Promise<void> => {
    const previous = get().settings;
    const settings: Settings = { ...previous, ...patch };
    set({ settings });
    if (get().view.model === null) return;
    const outcome = await engine.configure(settings);
    // Another change overtook this one: its answer is the one that counts.
    if (get().settings !== settings) return;
    if (!outcome.ok) {
      set({ settings: previous });
      get().report(outcome.error.message);
      return;
    }
    set({ failures: {} });
    get().adopt(outcome.value, get().shown);
  };

export const createStepJobs =
  (engine: EngineApi): Slice<StepJobs> =>
  (set, get) => ({
    run: runStep(engine, set, get),
    cancel: () => engine.cancel(),
    changeSettings: changeSettings(engine, set, get),
    chooseLayer: (layer, selected) => {
      const others = get().settings.excluded.filter((name) => name !== layer);
      return get().changeSettings({ excluded: selected ? others : [...others, layer] });
    },
    exportFile: async (kind) => {
      const outcome = await engine.exportFile(kind, get().shown);
      if (!outcome.ok) {
        get().report(`Export: ${outcome.error.message}`);
        return null;
      }
      get().announce(`Exported ${outcome.value.name}`);
      return outcome.value;
    },
    adopt: (view, shown) => {
      set({ view, shown: shownOrEarlier(view, shown) });
      void get().refreshDetails();
    },
  });

import type { Settings, StepName, StudioView } from '../../src/index';
import type { EngineApi } from '../engine/api';
import { inForm } from './forms';
import { outcomeOf, runStep } from './runStep';
import { isHeld, shownOrEarlier, stepsToRun } from './selectors';
import type { Slice, StepJobs, Studio } from './studio';
import { STEP_WORDS, STEPS } from './vocabulary';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

const runSteps =
  (engine: EngineApi, set: Set, get: Get) =>
  (step: StepName): Promise<void> => {
    const steps = stepsToRun(get().view, step);
    const first = steps[0] ?? step;
    const work = async () => {
      let led = get().shown;
      /** Where the user went meanwhile, and is left. */
      let wanted: StepName | null = null;
      for (const name of steps) {
        const view = await runStep(engine, set, get, name);
        if (view === null) return;
        if (get().shown !== led) wanted = get().shown;
        get().adopt(view, wanted ?? name);
        led = get().shown;
        get().announce(outcomeOf(view, name));
      }
    };
    return get().exclusively(first, STEP_WORDS[first].title, work, step);
  };

/** The first step that a change of these settings touches. */
const firstTouched = (patch: Partial<Settings>): StepName =>
  Object.keys(patch).every((key) => SCALE_SETTINGS.has(key)) ? 'equalize' : 'prepare';

const SCALE_SETTINGS: ReadonlySet<string> = new Set<keyof Settings>([
  'method',
  'alpha',
  'absorbBias',
  'byHand',
]);

const redo =
  (engine: EngineApi, set: Set, get: Get) =>
  async (patch: Partial<Settings>, what: string): Promise<void> => {
    const { view } = get();
    const done = STEPS.filter((step) => view.steps[step] !== undefined);
    const steps = done.slice(STEPS.indexOf(firstTouched(patch)));
    const [first] = steps;
    if (first === undefined) return get().changeSettings(patch, what);
    const goal = steps.at(-1) ?? first;
    const work = async () => {
      const { enginesBefore } = get();
      set({ settings: { ...get().settings, ...patch }, failures: {} });
      get().settle('settings', ...STEPS);
      let last: StudioView | null = null;
      for (const step of steps) {
        last = await runStep(engine, set, get, step);
        if (last === null) return adoptWhatIsLeft(engine, get, enginesBefore);
      }
      if (last === null) return;
      get().adopt(last, get().shown);
      get().announce(`${what}. ${outcomeOf(last, goal)}`);
    };
    await get().exclusively(first, STEP_WORDS[first].title, work, goal);
  };

/**
 * A run that ended early has left steps of the old settings in sight, which the engine has forgotten. One that was started
 * in the old one's place knows nothing of the model yet: the recovery says what is left.
 */
async function adoptWhatIsLeft(engine: EngineApi, get: Get, enginesBefore: number): Promise<void> {
  if (get().enginesBefore !== enginesBefore) return;
  const outcome = await engine.configure(get().settings);
  if (outcome.ok && get().enginesBefore === enginesBefore) get().adopt(outcome.value, get().shown);
}

/** The last step whose results have gone: a click on it runs all before it. */
function lastLost(before: Studio['view'], now: Studio['view']): string {
  const step = STEPS.findLast((name) => before.steps[name] !== undefined && now.steps[name] === undefined);
  return step === undefined ? '' : STEP_WORDS[step].title;
}

/** Says what was chosen, and which steps must run again after the change. */
function announceChange(get: Get, before: Studio['view'], what: string | null) {
  const lost = STEPS.find((step) => before.steps[step] !== undefined && get().view.steps[step] === undefined);
  const last = lastLost(before, get().view);
  const first = lost && STEP_WORDS[lost].title;
  const again =
    first &&
    (first === last
      ? `Click ${last} again`
      : `${first} and the steps after it must run again: click ${last}`);
  if (what !== null) get().announce(again === undefined ? what : `${what}. ${again}`);
  else if (again !== undefined) get().announce(`Settings changed. ${again}`);
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
    redo: redo(engine, set, get),
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

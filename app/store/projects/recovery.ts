import type { StudioView } from '../../../src/index';
import type { EngineApi } from '../../engine/api';
import type { Studio } from '../studio';
import { STEPS } from '../vocabulary';
import { bringRunGraphs, takeProject } from './restore';
import { interruptedBy } from './savedPage';

/** An engine that ends sooner than this after it was started is not started again by itself. */
const TOO_SOON = 10_000;

/** The last step that had run and is not there any more: its result was not saved yet. */
function unsaved({ view, settings }: Studio, restored: StudioView): Studio['interrupted'] {
  const step = STEPS.findLast((name) => view.steps[name] !== undefined);
  if (step === undefined || step === 'load' || restored.steps[step] !== undefined) return null;
  return { job: step, settings };
}

/**
 * A new engine takes over: the work is read from where it was saved, and the job that ended with the old one can be run
 * again by one click. It is not run by itself: what ended it, such as too little memory, may end it again.
 */
export function createRecovery(
  engine: EngineApi,
  set: (patch: Partial<Studio>) => void,
  get: () => Studio,
): Studio['crash'] {
  let last = Number.NEGATIVE_INFINITY;
  const giveUp = (reason: string) => {
    set({ job: null, returning: null });
    get().settle('busy');
    get().report(reason, { title: 'The engine stopped', subject: 'engine' });
  };
  return async (reason) => {
    const { backend, project } = get();
    const now = performance.now();
    const isTooSoon = now - last < TOO_SOON;
    last = now;
    if (backend === null || isTooSoon)
      return giveUp(`${reason}. Reload the page: what was saved comes back with it.`);
    const interrupted = interruptedBy(get());
    const before = get();
    set({ job: null, backend: null, enginesBefore: before.enginesBefore + 1 });
    // The new engine is started within the job: until it has the work, nothing else runs in it.
    await get().exclusively('load', 'Restore the work', async () => {
      await get().start(backend.name);
      if (project === null) return giveUp(`${reason}. Nothing was saved yet: open the model again.`);
      const outcome = await engine.openProject(project.id);
      if (!outcome.ok) return giveUp(`${reason}. ${outcome.error.message}`);
      const { view } = outcome.value;
      const { history, historyAt } = get();
      // The newest result may not have been saved: then the page goes back to what was.
      const entry = history[historyAt];
      if (entry?.state === view.state) {
        set({ settings: entry.settings, failures: {} });
        get().adopt(view, get().shown);
      } else {
        takeProject(set, get, outcome.value, null);
        await bringRunGraphs(engine, set, get);
      }
      set({ interrupted: interrupted ?? unsaved(before, view) });
      get().announce(`The engine stopped (${reason}) and was started again: nothing is lost`);
    });
  };
}

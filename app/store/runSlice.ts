import type { EngineApi, MoveListener } from '../engine/api';
import { moveNotice, sentence } from './moveNotice';
import type { JobOwner, RunSlice, Slice, Studio } from './studio';

/** Files may be opened one after the other without waiting: the model, then its data. Steps are not put in line. */
const isReading = (step: JobOwner): boolean => step === null || step === 'load';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Lets one job run at a time; see `RunSlice.exclusively`. */
function oneAtATime(set: (patch: Partial<Studio>) => void, get: () => Studio): RunSlice['exclusively'] {
  /** The job under way, for those that wait their turn. */
  let current: Promise<void> = Promise.resolve();
  /** An engine that ends takes its job along: what is left of that job must not touch the one that came after it. */
  let newest = 0;
  const fail = (error: unknown, step: JobOwner, phase: string) => {
    // The job may have come to a later step than the one it began with.
    const { job } = get();
    get().report(messageOf(error), { title: job?.phase ?? phase, subject: job?.step ?? step ?? 'data' });
  };
  return async (step, phase, work, goal = step) => {
    for (let running = get().job; running !== null; running = get().job) {
      if (!isReading(running.step) || !isReading(step)) {
        const text = `“${running.phase}” is still running: wait for it or cancel it, then try again.`;
        get().settle('busy');
        get().report(text, { subject: 'busy' });
        return;
      }
      await current;
    }
    newest += 1;
    const own = newest;
    set({ job: { step, goal, phase, done: 0, total: 0, cancelling: false } });
    current = work()
      .catch((error: unknown) => fail(error, step, phase))
      .finally(() => {
        if (own !== newest) return;
        set({ job: null });
        get().settle('busy');
      });
    await current;
  };
}

/** The step under way goes on by itself; the alert stays, since the next status line would hide it at once. */
const moved =
  (set: (patch: Partial<Studio>) => void, get: () => Studio): MoveListener =>
  ({ backend, kind, reason }) => {
    if (kind === 'idle') {
      set({ isGpuLost: true });
      return get().announce(`The GPU was lost: ${sentence(reason)} The next step opens it again.`);
    }
    set({ backend, isGpuLost: false });
    if (kind === 'unopened') return get().note(`Backend: ${backend.label}`);
    const { title, text } = moveNotice(kind, { backend, reason });
    get().report(text, { title });
  };

export const createRun =
  (engine: EngineApi): Slice<Omit<RunSlice, 'crash'>> =>
  (set, get) => ({
    backend: null,
    isGpuLost: false,
    enginesBefore: 0,
    job: null,
    failures: {},

    start: async (choice) => {
      const outcome = await engine.start(choice, moved(set, get));
      if (!outcome.ok) return get().report(outcome.error.message, { subject: 'engine' });
      set({ backend: outcome.value, isGpuLost: false });
      get().note(`Backend: ${outcome.value.label}`);
    },
    exclusively: oneAtATime(set, get),
  });

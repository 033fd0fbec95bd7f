import type { EngineApi } from '../../engine/api';
import type { HistorySlice, Slice, Studio } from '../studio';
import { STEPS } from '../vocabulary';

/** Goes to an entry; the engine has its results still. */
async function goTo(
  engine: EngineApi,
  set: (patch: Partial<Studio>) => void,
  get: () => Studio,
  at: number,
  words: string,
): Promise<void> {
  const entry = get().history[at];
  if (entry === undefined) return;
  const { job } = get();
  if (job !== null) return get().announce(`“${job.phase}” is still running: wait for it or cancel it`);
  const outcome = await engine.recall(entry.state);
  if (!outcome.ok) return get().report(outcome.error.message, { title: words, subject: 'settings' });
  set({ settings: entry.settings, historyAt: at, failures: {} });
  get().settle('settings', 'calibration', 'evaluation', ...STEPS);
  get().adopt(outcome.value, entry.shown);
  get().announce(words);
}

export const createHistory =
  (engine: EngineApi): Slice<HistorySlice> =>
  (set, get) => ({
    history: [],
    historyAt: 0,
    undo: async () => {
      const { history, historyAt } = get();
      const undone = history[historyAt];
      if (historyAt === 0 || undone === undefined) return get().announce('There is nothing to undo');
      await goTo(engine, set, get, historyAt - 1, `Undone: ${undone.label}`);
    },
    bringBack: async () => {
      const { history, historyAt } = get();
      const next = history[historyAt + 1];
      if (next === undefined) return get().announce('There is nothing to redo');
      await goTo(engine, set, get, historyAt + 1, `Redone: ${next.label}`);
    },
  });

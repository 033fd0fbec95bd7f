import type { EngineApi } from '../../engine/api';
import { groupedAhead } from '../groups/groupedAhead';
import type { HistorySlice, Slice, Studio } from '../studio';
import { STEPS } from '../vocabulary';
import { settingsLabels } from './labels';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

/** The entry of what the page shows, for a way that came to nothing. */
const stay = ({ history, historyAt, view }: Studio): Partial<Studio> => {
  const at = history.findIndex(({ state }) => state === view.state);
  const entry = history[at] ?? history[historyAt];
  return entry === undefined ? {} : { settings: entry.settings, historyAt: at < 0 ? historyAt : at };
};

/**
 * Goes to an entry; the engine has its results still. The page is there at once: whatever is asked for before the engine
 * answers begins from it.
 */
async function goTo(engine: EngineApi, set: Set, get: Get, at: number, words: string): Promise<void> {
  const entry = get().history[at];
  if (entry === undefined) return;
  const { job, enginesBefore } = get();
  if (job !== null) return get().announce(`“${job.phase}” is still running: wait for it or cancel it`);
  set({ settings: entry.settings, historyAt: at, failures: {} });
  const outcome = await groupedAhead(await engine.recall(entry.state));
  // Another Undo, or a change, overtook this one: its answer is the one that counts.
  if (get().historyAt !== at || get().settings !== entry.settings) return;
  if (!outcome.ok) {
    set(stay(get()));
    // Of an engine that ended the recovery speaks.
    if (get().enginesBefore !== enginesBefore) return;
    return get().report(outcome.error.message, { title: words, subject: 'settings' });
  }
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
      const { history, historyAt, settings } = get();
      const undone = history[historyAt];
      // A change that the engine has not answered yet is no entry.
      const [changed] = undone === undefined ? [] : settingsLabels(undone.settings, settings);
      if (changed !== undefined) return goTo(engine, set, get, historyAt, `Undone: ${changed}`);
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

import type { EngineApi } from '../../engine/api';
import type { HistoryEntry, Studio, StudioStore } from '../studio';
import { keptStates } from './keptStates';
import { kindOf, labelBetween } from './labels';

/** Older entries are let go of. */
export const HISTORY_LIMIT = 100;
/** Changes of one kind within so many milliseconds are one entry. */
const TOGETHER = 1200;

const entryOf = ({ view, settings, shown }: Studio, label: string): HistoryEntry => ({
  state: view.state,
  label,
  settings,
  shown,
  time: Date.now(),
});

/** The history with what happened between two moments of the store; the same one when nothing did. */
export function withMoment(
  { history, historyAt }: Pick<Studio, 'history' | 'historyAt'>,
  before: Studio,
  after: Studio,
  label: string | null,
): Pick<Studio, 'history' | 'historyAt'> {
  const now = history[historyAt];
  if (now === undefined) return { history, historyAt };
  // What cannot be taken back belongs to the entry of now.
  if (label === null)
    return { history: history.with(historyAt, { ...now, state: after.view.state }), historyAt };
  const added = entryOf(after, label);
  const isLast = historyAt === history.length - 1 && historyAt > 0;
  const isTogether = isLast && kindOf(now.label) === kindOf(label) && label.includes(': ');
  if (isTogether && added.time - now.time < TOGETHER)
    return { history: history.with(historyAt, added), historyAt };
  const left = { ...now, shown: before.shown };
  const kept = [...history.slice(0, historyAt), left, added].slice(-HISTORY_LIMIT);
  return { history: kept, historyAt: kept.length - 1 };
}

/** From now on every change of the work becomes an entry. A model begins a history, together with the data it comes with. */
export function keepHistory(store: StudioStore, engine: EngineApi): void {
  let opening = false;
  store.subscribe((after, before) => {
    const { view, history, historyAt, job } = after;
    if (job === null) opening = false;
    if (view.state === before.view.state || view.model === null) return;
    if (history[historyAt]?.state === view.state) return;
    if (history.length === 0) {
      opening = job !== null;
      store.setState({ history: [entryOf(after, 'Load')], historyAt: 0 });
    } else if (opening) store.setState({ history: [entryOf(after, 'Load')], historyAt: 0 });
    else {
      // The settings of before are the entry's: a job may have set them long before its results came.
      const settings = history[historyAt]?.settings ?? before.settings;
      const label = labelBetween({ view: before.view, settings }, after);
      store.setState(withMoment(after, before, after, label));
    }
    void engine.keepStates(keptStates(store.getState()));
  });
}

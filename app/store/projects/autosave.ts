import type { Left } from '../slices/projects';
import type { Studio, StudioStore } from '../studio';
import { fromJson, interruptedBy, leftSchema, placeOf, placeSchema, toJson } from './savedPage';

/** What this tab remembers by itself through a reload: small, and there at once. */
export interface TabMemory {
  read(): string | null;
  write(text: string): void;
}

/** Quick changes are saved together. */
const WAIT = 200;

/** The parts whose changes are saved. */
const SAVED = [
  'history',
  'historyAt',
  'settings',
  'interrupted',
  'runs',
  'compared',
  'advice',
  'job',
] as const satisfies readonly (keyof Studio)[];
const PLACE = Object.keys(placeSchema.shape);

const isJob = ({ job }: Studio): boolean => job !== null && job.step !== null && job.step !== 'load';

/** Progress is not worth a save, the begin and the end of a job are. */
function differs(after: Studio, before: Studio): boolean {
  if (isJob(after) !== isJob(before) || after.job?.step !== before.job?.step) return true;
  return SAVED.some((key) => key !== 'job' && after[key] !== before[key]);
}

const movedPlace = (after: Studio, before: Studio): boolean => {
  const changed = Object.entries(after).filter(([key]) => PLACE.includes(key));
  const old = new Map(Object.entries(before));
  return changed.some(([key, value]) => old.get(key) !== value);
};

const leftBy = (id: string, studio: Studio): Left => ({
  id,
  place: placeOf(studio),
  interrupted: isJob(studio) ? interruptedBy(studio) : null,
});

/** The project of this tab and where in it the user was; null where there is none. */
export function readTab(tab: TabMemory): Left | null {
  const text = tab.read() ?? '';
  if (text === '') return null;
  const parsed = leftSchema.safeParse(fromJson(text));
  return parsed.success ? parsed.data : null;
}

/** From now on every change of the open project is saved, and a job under way as one that may be interrupted. */
export function keepSaved(store: StudioStore, tab: TabMemory): void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isSaving = false;
  let isWanted = false;
  const save = async () => {
    timer = null;
    if (isSaving) {
      isWanted = true;
      return;
    }
    isSaving = true;
    await store.getState().save();
    isSaving = false;
    if (isWanted) {
      isWanted = false;
      schedule(0);
    }
  };
  const schedule = (wait: number) => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => void save(), wait);
  };
  store.subscribe((after, before) => {
    if (after.project !== before.project || movedPlace(after, before) || isJob(after) !== isJob(before))
      tab.write(after.project === null ? '' : toJson(leftBy(after.project.id, after)));
    if (after.view.model === null) return;
    if (isJob(after) && after.interrupted !== null) store.setState({ interrupted: null });
    if (after.modelSerial !== before.modelSerial || differs(after, before))
      schedule(isJob(after) && !isJob(before) ? 0 : WAIT);
    else if (movedPlace(after, before)) schedule(5 * WAIT);
  });
}

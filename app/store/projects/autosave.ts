import type { Left } from '../slices/projects';
import type { Studio, StudioStore } from '../studio';
import { interruptedBy, jsonOrNull, leftSchema, toJson } from './savedPage';
import { movedPlace, placeOrFirst } from './savedPlace';
import { canSave } from './saving';

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

const isJob = ({ job }: Studio): boolean => job !== null && job.step !== null && job.step !== 'load';

/** Progress is not worth a save, the begin and the end of a job are. */
function differs(after: Studio, before: Studio): boolean {
  if (isJob(after) !== isJob(before) || after.job?.step !== before.job?.step) return true;
  return SAVED.some((key) => key !== 'job' && after[key] !== before[key]);
}

/** The tab comes back to its project whatever became of the place: then to the first one in it. */
const leftBy = ({ id, name }: NonNullable<Studio['project']>, studio: Studio): Left => ({
  id,
  name,
  place: placeOrFirst(studio),
  interrupted: isJob(studio) ? interruptedBy(studio) : null,
});

/** The project of this tab and where in it the user was; null where there is none. */
export function readTab(tab: TabMemory): Left | null {
  const text = tab.read() ?? '';
  if (text === '') return null;
  const parsed = leftSchema.safeParse(jsonOrNull(text));
  return parsed.success ? parsed.data : null;
}

/** Saves in a moment; one save at a time, and one more where something has changed meanwhile. */
class Saver {
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** What waits is to be saved at once: nothing that follows puts it off. */
  private isUrgent = false;
  private isSaving = false;

  constructor(private readonly store: StudioStore) {}

  soon(wait: number): void {
    if (!this.store.getState().unsaved) this.store.setState({ unsaved: true });
    if (this.timer !== null && this.isUrgent) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.isUrgent = wait === 0;
    this.timer = setTimeout(() => void this.run(), wait);
  }

  private async run(): Promise<void> {
    this.timer = null;
    // Whoever saves looks again when it is done.
    if (this.isSaving) return;
    this.isSaving = true;
    try {
      await this.store.getState().save();
    } finally {
      this.isSaving = false;
    }
    const studio = this.store.getState();
    if (studio.unsaved && this.timer === null && canSave(studio)) this.soon(0);
  }
}

/** How long a change waits for others before it is saved; null where nothing that is saved has changed. */
function waitFor(after: Studio, before: Studio): number | null {
  if (after.view.model === null) return null;
  // A job that is lost with the page is offered again: that it began is saved at once. So is each step that it has done.
  if (isJob(after) && (!isJob(before) || after.history !== before.history)) return 0;
  if (after.modelSerial !== before.modelSerial || differs(after, before)) return WAIT;
  // What came while a model was being opened had to wait.
  if (after.job === null && before.job !== null && after.unsaved) return WAIT;
  return movedPlace(after, before) ? 5 * WAIT : null;
}

/** From now on every change of the open project is saved, and a job under way as one that may be interrupted. */
export function keepSaved(store: StudioStore, tab: TabMemory): void {
  const saver = new Saver(store);
  store.subscribe((after, before) => {
    const hasMoved = movedPlace(after, before) || after.view !== before.view;
    if (after.project !== before.project || hasMoved || isJob(after) !== isJob(before))
      tab.write(after.project === null ? '' : toJson(leftBy(after.project, after)));
    const wait = waitFor(after, before);
    if (after.view.model !== null && isJob(after) && after.interrupted !== null)
      store.setState({ interrupted: null });
    if (wait !== null) saver.soon(wait);
  });
}

import type { EngineApi, Outcome } from '../../engine/api';
import type { SavedMark } from '../../engine/projects/api';
import { keptStates } from '../history/keptStates';
import type { Studio } from '../studio';
import { pageOf, toJson } from './savedPage';

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

/** What there is to save, in the form that the engine writes. */
export function savedForm(studio: Studio) {
  const { history, historyAt, view } = studio;
  const now = history[historyAt]?.state ?? view.state;
  return { page: toJson(pageOf(studio)), kept: { states: keptStates(studio), now } };
}

/** Everything up to now is on the disk. */
export const isSaved = ({ saving, unsaved }: Pick<Studio, 'saving' | 'unsaved'>): boolean =>
  saving.kind === 'saved' && !unsaved;

/** What was done would go with the page: it is neither in this browser nor in a file. */
export function isAtRisk({ saving, view, inFile, history }: Studio): boolean {
  return view.model !== null && saving.kind === 'failed' && history.length > 1 && inFile !== view.state;
}

/** Nothing to write, or nobody to write it: an engine that is started again does not hold what the page shows. */
const canWrite = ({ view, history, backend }: Studio): boolean =>
  view.model !== null && history.length > 0 && backend !== null;

/** A page that cannot be written down, and a call that does not get through, are saves that failed. */
async function attempt(engine: EngineApi, studio: Studio): Promise<Outcome<SavedMark>> {
  try {
    const { page, kept } = savedForm(studio);
    return await engine.saveProject(page, kept);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, error: { kind: 'internal', message, node: null } };
  }
}

async function write(engine: EngineApi, set: Set, get: Get): Promise<void> {
  const { modelSerial, enginesBefore, saving: before } = get();
  const moment = get();
  set({ saving: { kind: 'saving' }, unsaved: false });
  const outcome = await attempt(engine, moment);
  // Another model is open by now: what was saved is the one before.
  if (get().modelSerial !== modelSerial) return;
  // The engine ended meanwhile: what it did not write is to be written by the next one.
  if (get().enginesBefore !== enginesBefore) return set({ saving: before, unsaved: true });
  if (outcome.ok) {
    const { id, name, saved } = outcome.value;
    set({ project: { id, name }, saving: { kind: 'saved', time: saved } });
    return get().settle('saving');
  }
  const reason = outcome.error.message;
  set({ saving: { kind: 'failed', reason } });
  // Said once, not with every change that follows.
  if (before.kind === 'failed' && before.reason === reason) return;
  const title = `${get().project?.name ?? get().view.model?.name ?? 'The model'} is not saved`;
  get().settle('saving');
  get().report(reason, { title, subject: 'saving' });
}

/** Not while a model is being opened: the engine may hold the next one already. */
export const canSave = (studio: Studio): boolean => canWrite(studio) && studio.job?.step !== 'load';

export async function save(engine: EngineApi, set: Set, get: Get): Promise<void> {
  if (canSave(get())) await write(engine, set, get);
}

export function createSaveBeforeLeaving(engine: EngineApi, set: Set, get: Get): () => Promise<boolean> {
  let asked: number | null = null;
  return async () => {
    const { unsaved, saving, view } = get();
    if (!canWrite(get())) return true;
    if (unsaved || saving.kind === 'failed') await write(engine, set, get);
    if (!isAtRisk(get()) || asked === view.state) return true;
    asked = view.state;
    const name = view.model?.name ?? 'the model';
    get().report(
      `The work on ${name} is not saved, and would be gone. Save it as a file (Project, Save project as file), or do this once more to let it go.`,
      { title: 'Nothing was opened', subject: 'saving' },
    );
    return false;
  };
}

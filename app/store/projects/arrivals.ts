import { z } from '../../zod';
import type { Arrival, ArrivalSlice, InterruptedArrival, Slice, Studio, StudioStore } from '../studio';
import type { TabMemory } from './autosave';
import { jsonOrNull, toJson } from './savedPage';
import { isSaved } from './saving';

/*
 * A file that is dropped is copied into the browser's own files beside being read, a large one a moment later: a page that goes
 * before the first save offers it again, or names it where the copy was not there yet. Saved, the project has it, and the copy
 * goes.
 */

/** Where the copies are. */
export interface ArrivalShelf {
  /** Copies files, if there is room for them. */
  keep(id: string, files: readonly File[]): Promise<void>;
  /** The files, where all of them were copied; null where they were not, or another tab has them. */
  find(id: string): Promise<readonly File[] | null>;
  drop(id: string): Promise<void>;
}

/** Keeps nothing: for tests, and programs without a browser. */
export const NO_SHELF: ArrivalShelf = {
  keep: async () => undefined,
  find: async () => null,
  drop: async () => undefined,
};

type Get = () => Studio;
type Set = (patch: Partial<Studio>) => void;

/** Resolves when what was opened is saved. */
function savedOnce(store: StudioStore): Promise<void> {
  return new Promise((resolve) => {
    const look = (studio: Studio) => {
      if (!isSaved(studio)) return false;
      resolve();
      return true;
    };
    if (look(store.getState())) return;
    const leave = store.subscribe((studio) => {
      if (look(studio)) leave();
    });
  });
}

/** Files that still wait: for others of the same model, for a model, or for the user's word on their layers. */
const isWaiting = ({ incomplete, pending, assistant }: Studio): boolean =>
  incomplete !== null || pending.length > 0 || assistant !== null;

const without = <A extends Arrival>(arrivals: readonly A[], id: string): readonly A[] =>
  arrivals.filter((arrival) => arrival.id !== id);

async function settle(
  shelf: ArrivalShelf,
  store: StudioStore,
  set: Set,
  get: Get,
  id: string,
): Promise<void> {
  if (get().view.model !== null) await savedOnce(store);
  set({ arrivals: without(get().arrivals, id) });
  await shelf.drop(id);
}

/** What a reload brings back is the newest state, and the open files are no longer on their way. */
async function arrive(
  shelf: ArrivalShelf,
  store: StudioStore,
  set: Set,
  get: Get,
  arrival: Arrival,
  open: () => Promise<void>,
): Promise<void> {
  set({ arrivals: [...get().arrivals, arrival] });
  await open();
  // Those that waited for these files have arrived with them.
  if (isWaiting(get())) return;
  for (const { id } of get().arrivals) void settle(shelf, store, set, get, id);
}

function openBy(get: Get, { way }: Arrival, files: readonly File[]): Promise<void> {
  if (way === 'model') return get().openModel(files);
  return way === 'dropped' ? get().openDropped(files) : get().openData(way, files);
}

export const createArrivals =
  (shelf: ArrivalShelf): Slice<ArrivalSlice> =>
  (set, get, store) => ({
    arrivals: [],
    interruptedArrivals: [],
    arrive: (files, way, open) => {
      const arrival = { id: crypto.randomUUID(), names: files.map(({ name }) => name), way };
      void shelf.keep(arrival.id, files);
      return arrive(shelf, store, set, get, arrival, open);
    },
    openAgain: async (id) => {
      const found = get().interruptedArrivals.find((arrival) => arrival.id === id);
      set({ interruptedArrivals: without(get().interruptedArrivals, id) });
      if (found?.files) await openBy(get, found, found.files);
    },
    leaveArrival: (id) => {
      set({ interruptedArrivals: without(get().interruptedArrivals, id) });
      void shelf.drop(id);
    },
  });

const memorySchema = z.array(
  z.object({
    id: z.string(),
    names: z.array(z.string()),
    way: z.enum(['model', 'dropped', 'calibration', 'evaluation']),
  }),
);

/** The tab remembers which files are on their way; those of the page before are offered again. */
export function keepArrivals(store: StudioStore, tab: TabMemory, shelf: ArrivalShelf): () => Promise<void> {
  const text = tab.read() ?? '';
  const before = text === '' ? [] : (memorySchema.safeParse(jsonOrNull(text)).data ?? []);
  const remember = ({ arrivals, interruptedArrivals }: Studio) => {
    const all = [...interruptedArrivals, ...arrivals].map(({ id, names, way }) => ({ id, names, way }));
    tab.write(all.length === 0 ? '' : toJson(all));
  };
  store.subscribe((after, earlier) => {
    if (after.arrivals !== earlier.arrivals || after.interruptedArrivals !== earlier.interruptedArrivals)
      remember(after);
  });
  return async () => {
    const found: InterruptedArrival[] = [];
    for (const arrival of before) found.push({ ...arrival, files: await shelf.find(arrival.id) });
    if (found.length > 0) store.setState({ interruptedArrivals: found });
  };
}

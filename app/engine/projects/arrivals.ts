import { z } from '../../zod';
import { keptFolder, namesIn, type ProjectFolder, removeFolder } from './folders';
import { heldNames, hold } from './locks';
import { isChangedOnDisk, isInUse, isOfStorage } from './storageError';

/*
 * Copies of files on their way into the studio, one folder an arrival: all bytes in one file, their list written last.
 * A folder is held as long as the page lives; those that nobody holds or remembers go.
 */

const FOLDER = 'arrivals';
const BYTES = 'bytes';
const LIST = 'arrival.json';
const listSchema = z.array(z.object({ name: z.string(), type: z.string(), bytes: z.int().nonnegative() }));

/** Copying more takes disk and cores from those who read the file and draw its graph: it comes a moment later. */
const AT_ONCE_BYTES = 16 * 2 ** 20;
const MOMENT_MS = 600;
const moment = () => new Promise((resolve) => setTimeout(resolve, MOMENT_MS));

const lockName = (id: string): string => `arrival ${id}`;
const arrivalsFolder = async () =>
  (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });

/** The project will have a copy of its own before this one goes. */
async function hasRoom(bytes: number): Promise<boolean> {
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  return usage + 2 * bytes < quota;
}

async function write(folder: ProjectFolder, files: readonly File[]): Promise<void> {
  await folder.write(BYTES, files);
  const list = files.map(({ name, type, size }) => ({ name, type, bytes: size }));
  await folder.write(LIST, [JSON.stringify(list)]);
}

async function read(folder: ProjectFolder): Promise<readonly File[]> {
  const list = listSchema.parse(JSON.parse(await (await folder.read(LIST)).text()));
  const all = await folder.read(BYTES);
  let start = 0;
  return list.map(({ name, type, bytes }) => {
    start += bytes;
    return new File([all.slice(start - bytes, start)], name, { type });
  });
}

/**
 * What cannot be kept, or can be read no more, is not offered again: the page says so when it comes to that, and nothing
 * else depends on it.
 */
async function unlessRefused<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isOfStorage(error) || isChangedOnDisk(error)) return otherwise;
    throw error;
  }
}

/** The shelf of this page. */
export function browserArrivals() {
  /** Each goes once: two who take away one folder get in each other's way. */
  const dropped = new Map<string, Promise<void>>();
  /** A copy may still be on its way when it is dropped. */
  const keeping = new Map<string, Promise<void>>();
  const keep = async (id: string, files: readonly File[]) => {
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    if (bytes > AT_ONCE_BYTES) await moment();
    if (dropped.has(id)) return;
    if (!(await hasRoom(bytes)) || (await hold(lockName(id))) === null) return;
    const folder = await (await arrivalsFolder()).getDirectoryHandle(id, { create: true });
    if (!dropped.has(id)) await write(keptFolder(folder), files);
  };
  const find = async (id: string) => {
    if ((await hold(lockName(id))) === null) return null;
    return read(keptFolder(await (await arrivalsFolder()).getDirectoryHandle(id)));
  };
  const remove = async (id: string) => {
    await keeping.get(id);
    await unlessRefused(async () => removeFolder(await arrivalsFolder(), id), undefined);
  };
  return {
    keep: (id: string, files: readonly File[]) => {
      const copying = unlessRefused(() => keep(id, files), undefined);
      keeping.set(id, copying);
      return copying;
    },
    find: (id: string) => unlessRefused<readonly File[] | null>(() => find(id), null),
    drop: (id: string) => {
      const going = dropped.get(id) ?? remove(id);
      dropped.set(id, going);
      return going;
    },
  };
}

/** What cannot go yet goes at the next start. */
async function sweep(folder: FileSystemDirectoryHandle, id: string): Promise<void> {
  try {
    await removeFolder(folder, id);
  } catch (error) {
    if (!isInUse(error)) throw error;
  }
}

/** Takes away what earlier pages left behind. */
export const sweepArrivals = (): Promise<void> =>
  unlessRefused(async () => {
    const folder = await arrivalsFolder();
    const ids = await namesIn(folder);
    const held = await heldNames();
    for (const id of ids) if (!held.has(lockName(id))) await sweep(folder, id);
  }, undefined);

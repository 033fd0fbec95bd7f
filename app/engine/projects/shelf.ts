import { FormatError } from '../../../src/index';
import type { ProjectRow, ProjectsView } from './api';
import { keptFolder, namesIn, type ProjectFolder, projectsFolder, removeFolder } from './folders';
import { heldProjects, holdProject } from './locks';
import { filesOf, MANIFEST, type Manifest, readManifest, sizeOf } from './manifest';
import { StorageError } from './storageError';

/* The projects that this browser keeps, whichever is open. */

const MAX_NAME = 120;

export const folderOf = async (id: string, create = false): Promise<ProjectFolder> =>
  keptFolder(await (await projectsFolder()).getDirectoryHandle(id, { create }));

export async function manifestOf(id: string): Promise<Manifest> {
  return readManifest(await (await folderOf(id)).read(MANIFEST), 'The project');
}

/** A folder without a list is one whose first save did not end: there is nothing in it to come back to. */
async function rowOf(id: string, held: ReadonlySet<string>): Promise<ProjectRow | null> {
  try {
    const manifest = await manifestOf(id);
    const { name, model, saved, steps } = manifest;
    return { id, name, model: model.name, saved, bytes: sizeOf(manifest), steps, elsewhere: held.has(id) };
  } catch (error) {
    if (isGone(error)) return null;
    if (!(error instanceof FormatError)) throw error;
    return { id, name: error.message, model: '', saved: 0, bytes: 0, steps: [], elsewhere: held.has(id) };
  }
}

/** All projects; that which the own tab has open counts as not elsewhere. Folders that nobody will come back to go. */
export async function projectsView(own: string | null): Promise<ProjectsView> {
  // First the folders, then the locks: whoever makes a folder holds its lock before.
  const ids = await namesIn(await projectsFolder());
  const held = await heldProjects();
  const elsewhere = new Set([...held].filter((id) => id !== own));
  const rows = await Promise.all(
    ids.map(async (id) => {
      const row = await rowOf(id, elsewhere);
      if (row === null && !held.has(id) && id !== own) await deleteProject(id);
      return row;
    }),
  );
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  const projects = rows.filter((row) => row !== null).toSorted((a, b) => b.saved - a.saved);
  return { projects, usage, quota };
}

/** `digits`, or `digits 2` where there is one of that name. */
export async function freeName(wanted: string): Promise<string> {
  const { projects } = await projectsView(null);
  const taken = new Set(projects.map(({ name }) => name));
  let name = wanted;
  for (let count = 2; taken.has(name); count++) name = `${wanted} ${count}`;
  return name;
}

export function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > MAX_NAME)
    throw new StorageError(`A project's name has 1 to ${MAX_NAME} letters; this one has ${trimmed.length}.`);
  return trimmed;
}

export async function rename(id: string, name: string): Promise<void> {
  const manifest = { ...(await manifestOf(id)), name };
  await (await folderOf(id)).write(MANIFEST, [JSON.stringify(manifest)]);
}

const isGone = (error: unknown): boolean => error instanceof DOMException && error.name === 'NotFoundError';

/** A tab that has the project open may take files away that a newer list does not name: then that list is copied. */
const TRIES = 3;

/** Copies the files that the list names, the list last. */
export async function copyProject(id: string, name: string): Promise<string> {
  const copy = crypto.randomUUID();
  const release = await holdProject(copy);
  try {
    const to = await folderOf(copy, true);
    for (let left = TRIES - 1; ; left--)
      try {
        await copyFiles(await folderOf(id), to, name);
        return copy;
      } catch (error) {
        if (left === 0 || !isGone(error)) throw error;
      }
  } finally {
    release?.();
  }
}

async function copyFiles(from: ProjectFolder, to: ProjectFolder, name: string): Promise<void> {
  const manifest = await readManifest(await from.read(MANIFEST), 'The project');
  for (const file of filesOf(manifest)) await to.write(file, [await from.read(file)]);
  await to.write(MANIFEST, [JSON.stringify({ ...manifest, name })]);
}

export const deleteProject = async (id: string): Promise<void> => removeFolder(await projectsFolder(), id);

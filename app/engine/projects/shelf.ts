import { blobSource, FormatError, listZip, memberBlob, zipOfBlobs } from '../../../src/index';
import type { ProjectRow, ProjectsView } from './api';
import { type Folder, namesIn, projectsFolder, readFile, removeFolder, writeFile } from './folders';
import { heldProjects } from './locks';
import { filesOf, MANIFEST, type Manifest, readManifest, sizeOf } from './manifest';
import { StorageError } from './storageError';

/* The projects that this browser keeps, whichever is open. */

const MAX_NAME = 120;

export const folderOf = async (id: string, create = false): Promise<Folder> =>
  (await projectsFolder()).getDirectoryHandle(id, { create });

export async function manifestOf(id: string): Promise<Manifest> {
  return readManifest(await readFile(await folderOf(id), MANIFEST), 'The project');
}

/** A folder without a list is one whose first save did not end: there is nothing in it to come back to. */
async function rowOf(id: string, held: ReadonlySet<string>): Promise<ProjectRow | null> {
  try {
    const manifest = await manifestOf(id);
    const { name, model, saved, steps } = manifest;
    return { id, name, model: model.name, saved, bytes: sizeOf(manifest), steps, elsewhere: held.has(id) };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    if (!(error instanceof FormatError)) throw error;
    return { id, name: error.message, model: '', saved: 0, bytes: 0, steps: [], elsewhere: held.has(id) };
  }
}

/** All projects but that the own tab has open counts as not elsewhere. */
export async function projectsView(own: string | null): Promise<ProjectsView> {
  const held = new Set([...(await heldProjects())].filter((id) => id !== own));
  const ids = await namesIn(await projectsFolder());
  const rows = await Promise.all(ids.map((id) => rowOf(id, held)));
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
  await writeFile(await folderOf(id), MANIFEST, [JSON.stringify(manifest)]);
}

/** Copies the files that the list names, the list last. */
export async function copyProject(id: string, name: string): Promise<string> {
  const from = await folderOf(id);
  const manifest = await manifestOf(id);
  const copy = crypto.randomUUID();
  const to = await folderOf(copy, true);
  for (const file of filesOf(manifest)) await writeFile(to, file, [await readFile(from, file)]);
  await writeFile(to, MANIFEST, [JSON.stringify({ ...manifest, name })]);
  return copy;
}

export const deleteProject = async (id: string): Promise<void> => removeFolder(await projectsFolder(), id);

/** Up to so many bytes a file is copied: the next save may take another one in its place while the archive is read. */
const COPIED_BYTES = 2 ** 26;

const keptBlob = async (file: Blob): Promise<Blob> =>
  file.size <= COPIED_BYTES ? new Blob([await file.arrayBuffer()]) : file;

/** A project as one zip archive, its files stored as they are. */
export async function packProject(id: string) {
  const folder = await folderOf(id);
  const manifest = await manifestOf(id);
  const members = [];
  for (const name of [MANIFEST, ...filesOf(manifest)])
    members.push({ name, blob: await keptBlob(await readFile(folder, name)) });
  return { name: manifest.name, parts: await zipOfBlobs(members) };
}

/** Takes a project file in as a new project. A FormatError where it is none, or damaged. */
export async function unpackProject(file: File): Promise<string> {
  const source = blobSource(file, file.name);
  const members = new Map((await listZip(source)).map((member) => [member.name, member]));
  const member = (name: string) => {
    const found = members.get(name);
    if (!found)
      throw new FormatError(
        file.name,
        `has no member '${name}'. It is no project file of the studio, or it is cut short.`,
      );
    return memberBlob(source, found);
  };
  const manifest = await readManifest(await member(MANIFEST), file.name);
  const id = crypto.randomUUID();
  const folder = await folderOf(id, true);
  try {
    for (const name of filesOf(manifest)) await writeFile(folder, name, [await member(name)]);
    const name = await freeName(manifest.name);
    await writeFile(folder, MANIFEST, [JSON.stringify({ ...manifest, name })]);
  } catch (error) {
    await deleteProject(id);
    throw error;
  }
  return id;
}

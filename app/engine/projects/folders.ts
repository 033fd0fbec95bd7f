import type { FilePart } from '../../../src/index';
import { StorageError } from './storageError';

/*
 * The browser's private files (OPFS). `createWritable` writes beside a file and puts it in the old one's place when it is
 * closed: whatever ends in the middle leaves the file as it was.
 */

export type Folder = FileSystemDirectoryHandle;

/** The files of one project, wherever they are. */
export interface ProjectFolder {
  /** Whether what it has takes no memory. */
  readonly isOnDisk: boolean;
  /** Writes a file whole, part after part, and lets other work go on between them. */
  write(name: string, parts: Iterable<FilePart | string>): Promise<void>;
  read(name: string): Promise<File>;
  /** A file that is not there is removed already. */
  remove(name: string): Promise<void>;
  names(): Promise<readonly string[]>;
}

const FOLDER = 'projects';

/** Where projects are kept, one folder each. */
export async function projectsFolder(): Promise<Folder> {
  const { storage } = navigator;
  const isKept =
    storage !== undefined && 'getDirectory' in storage && 'createWritable' in FileSystemFileHandle.prototype;
  if (!isKept)
    throw new StorageError(
      'This browser keeps no files for pages, so that a reload begins anew. Save the project as a file to keep it.',
    );
  return (await storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
}

async function writeFile(folder: Folder, name: string, parts: Iterable<FilePart | string>): Promise<void> {
  const handle = await folder.getFileHandle(name, { create: true });
  const stream = await handle.createWritable();
  try {
    for (const part of parts) await stream.write(part);
    await stream.close();
  } catch (error) {
    await stream.abort().catch(() => undefined);
    throw error;
  }
}

async function removeFile(folder: Folder, name: string): Promise<void> {
  try {
    await folder.removeEntry(name);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
  }
}

export async function namesIn(folder: Folder): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names;
}

/** A folder on the disk. */
export const keptFolder = (folder: Folder): ProjectFolder => ({
  isOnDisk: true,
  write: (name, parts) => writeFile(folder, name, parts),
  read: async (name) => (await folder.getFileHandle(name)).getFile(),
  remove: (name) => removeFile(folder, name),
  names: () => namesIn(folder),
});

export async function removeFolder(folder: Folder, name: string): Promise<void> {
  await folder.removeEntry(name, { recursive: true });
}

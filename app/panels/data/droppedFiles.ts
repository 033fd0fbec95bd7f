import { withPath } from '../../store/files';

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** Chromium gives a folder's entries a hundred at a time, until none is left. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

async function filesUnder(entry: FileSystemEntry): Promise<readonly File[]> {
  if (isFile(entry)) return [withPath(await fileOf(entry), entry.fullPath.replace(/^\//, ''))];
  if (!isFolder(entry)) return [];
  const files: File[] = [];
  for (const child of await entriesOf(entry)) files.push(...(await filesUnder(child)));
  // Hidden files are the system's, not the user's.
  return files.filter(({ name }) => !/(^|\/)\.[^/]*$/.test(name));
}

/**
 * The files of a drop, those in dropped folders included, with their paths. Entries have to be asked for while the
 * event lasts, so this reads the event before it waits for anything.
 */
export async function droppedFiles(transfer: DataTransfer | null): Promise<readonly File[]> {
  const entries = [...(transfer?.items ?? [])].map((item) => item.webkitGetAsEntry());
  const plain = [...(transfer?.files ?? [])];
  const found = entries.filter((entry) => entry !== null);
  // Files that a script made have no entries.
  if (found.length < plain.length) return plain;
  const files: File[] = [];
  for (const entry of found) files.push(...(await filesUnder(entry)));
  return files;
}

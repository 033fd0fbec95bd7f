import { type ByteSource, blobSource } from '../../src/index';

/** Files of this many bytes together are read whole when they are opened; larger ones stay where they are. */
export const HELD_BYTES = 16 * 2 ** 20;

/** Every reading is a copy, as it is of a file: who reads may give the bytes away. */
const heldSource = (bytes: Uint8Array, name: string): ByteSource => ({
  name,
  size: bytes.length,
  read: async (start, end) => bytes.slice(start, end),
  readSync: (start, end) => bytes.slice(start, end),
  part: (start, end) => bytes.slice(start, end),
});

/** One that cannot be read stays where it is: whoever needs it fails on it and says so, and in a folder it may be of no use. */
async function held(file: File): Promise<ByteSource> {
  const onDisk = blobSource(file, file.name);
  const bytes = await onDisk.read(0, onDisk.size).catch(() => null);
  return bytes?.length === onDisk.size ? heldSource(bytes, file.name) : onDisk;
}

/**
 * What the readers read files from. Small files are in memory from then on: whatever becomes of them on the user's disk,
 * steps can be run and the project can be saved.
 */
export async function sourcesOf(files: readonly File[]): Promise<readonly ByteSource[]> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > HELD_BYTES) return files.map((file) => blobSource(file, file.name));
  return Promise.all(files.map(held));
}

/** The whole of what a source reads as a file; unread where that can be. */
export function fileOf({ name, size, part }: ByteSource): File {
  if (!part) throw new Error(`internal: '${name}' is no file that can be copied.`);
  return new File([part(0, size)], name);
}

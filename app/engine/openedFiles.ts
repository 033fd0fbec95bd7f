import { type ByteSource, blobSource, readRange } from '../../src/index';

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

async function held(file: File): Promise<ByteSource> {
  const source = blobSource(file, file.name);
  return heldSource(await readRange(source, 0, source.size, 'The file'), file.name);
}

/**
 * What the readers read files from. Small files are in memory from then on: whatever becomes of them on the user's disk,
 * steps can be run and the project can be saved. A FormatError where one of them can be read no more.
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

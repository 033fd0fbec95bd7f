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

const standIns = new WeakMap<ByteSource, ByteSource>();

/** From now on a file on the user's disk that cannot be read any more is read from a copy of it; null: there is none any more. */
export function standInFor(source: ByteSource, copy: Blob | null): void {
  if (copy === null) standIns.delete(source);
  else standIns.set(source, blobSource(copy, source.name));
}

/**
 * A file that stays on the user's disk, where it may be changed, moved or deleted: browsers read it no more then, or only up to
 * its new end.
 */
function diskSource(file: File): ByteSource {
  const onDisk = blobSource(file, file.name);
  const { readSync } = onDisk;
  const copyOr = (error: unknown): ByteSource => {
    const copy = standIns.get(source);
    if (copy === undefined) throw error;
    return copy;
  };
  const readAtOnce = (start: number, end: number): Uint8Array => {
    try {
      return whole(readSync?.(start, end), end - start);
    } catch (error) {
      return whole(copyOr(error).readSync?.(start, end), end - start);
    }
  };
  const source: ByteSource = {
    ...onDisk,
    read: async (start, end) => {
      try {
        return whole(await onDisk.read(start, end), end - start);
      } catch (error) {
        return copyOr(error).read(start, end);
      }
    },
    ...(readSync && { readSync: readAtOnce }),
    // Whether a part can be read turns out when it is: one of the copy can.
    part: (start, end) => (standIns.get(source) ?? onDisk).part?.(start, end) ?? file.slice(start, end),
  };
  return source;
}

function whole(bytes: Uint8Array | undefined, size: number): Uint8Array {
  if (bytes?.length !== size) throw new Error('the file is shorter than it was');
  return bytes;
}

/** One that cannot be read stays where it is: whoever needs it fails on it and says so, and in a folder it may be of no use. */
async function held(file: File): Promise<ByteSource> {
  const onDisk = blobSource(file, file.name);
  const bytes = await onDisk.read(0, onDisk.size).catch(() => null);
  return bytes?.length === onDisk.size ? heldSource(bytes, file.name) : onDisk;
}

/**
 * What the readers read files from. Small files are in memory from then on: whatever becomes of them on the user's disk,
 * steps can be run and the project can be saved; of larger ones that holds as soon as the project has its copies.
 */
export async function sourcesOf(files: readonly File[]): Promise<readonly ByteSource[]> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > HELD_BYTES) return files.map(diskSource);
  return Promise.all(files.map(held));
}

/** The whole of what a source reads as a file; unread where that can be. */
export function fileOf({ name, size, part }: ByteSource): File {
  if (!part) throw new Error(`internal: '${name}' is no file that can be copied.`);
  return new File([part(0, size)], name);
}

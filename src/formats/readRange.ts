import type { ByteSource } from './byteSource';
import { FormatError } from './errors';

/** `12,345 bytes`: sizes in messages are exact, because the difference is often a few bytes. */
export const formatBytes = (bytes: number): string => `${bytes.toLocaleString('en-US')} bytes`;

/**
 * Bytes `[start, end)` of a source, all of them. A range outside the file, a file that shrank or that the browser
 * may no longer read (it was moved or rewritten after it was chosen) is a FormatError; `what` names the part.
 */
export async function readRange(
  source: ByteSource,
  start: number,
  end: number,
  what: string,
): Promise<Uint8Array> {
  if (start < 0 || end < start || end > source.size)
    throw new FormatError(
      source.name,
      `${what} should stand at bytes ${start} to ${end}, but the file has ${formatBytes(source.size)}. It is cut short or damaged; get it again.`,
    );
  const bytes = await source.read(start, end).catch((reason: unknown) => {
    throw new FormatError(source.name, unreadable(what, reason));
  });
  if (bytes.length !== end - start)
    throw new FormatError(source.name, tooFew(what, end - start, bytes.length));
  return bytes;
}

/** `readRange` of a source that can be read at once. */
export function readRangeSync(source: ByteSource, start: number, end: number, what: string): Uint8Array {
  let bytes: Uint8Array | undefined;
  try {
    bytes = source.readSync?.(start, end);
  } catch (reason) {
    throw new FormatError(source.name, unreadable(what, reason));
  }
  if (bytes?.length !== end - start)
    throw new FormatError(source.name, tooFew(what, end - start, bytes?.length ?? 0));
  return bytes;
}

const unreadable = (what: string, reason: unknown): string =>
  `${what} could not be read (${reason instanceof Error ? reason.message : String(reason)}). If the file was moved or changed since it was chosen, choose it again.`;

const tooFew = (what: string, wanted: number, got: number): string =>
  `${what} has ${formatBytes(wanted)}, of which ${got} could be read. The file changed while it was read; choose it again.`;

/** A view for little-endian and big-endian numbers over bytes that may start anywhere in their buffer. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Bytes that can be read in ranges: a file on disk is never copied whole where a slice will do.
 * `Blob` and `File` fit through `blobSource`, tests through `bytesSource`.
 */
export interface ByteSource {
  readonly name: string;
  readonly size: number;
  /** Bytes `[start, end)`. */
  read(start: number, end: number): Promise<Uint8Array>;
  /** The same at once, where that can be: tensors of such a file may stay in it until they are needed. */
  readonly readSync?: (start: number, end: number) => Uint8Array;
  /** Bytes `[start, end)` as a part of another file, unread where that can be. */
  readonly part?: (start: number, end: number) => FilePart;
}

/** What a written file is made of; a Blob may be a range of another file, or lie outside of this thread's memory. */
export type FilePart = Uint8Array<ArrayBuffer> | Blob;

/**
 * Bytes as a part that lies outside of this thread's memory. A Blob makes its own copy at once, so that whoever has the bytes keeps
 * them; of shared memory it takes none.
 */
export function blobPart(bytes: Uint8Array): Blob {
  const { buffer, byteOffset, byteLength } = bytes;
  const own =
    buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(bytes);
  return new Blob([own]);
}

/** A whole file from its parts. */
export const joinedParts = async (parts: readonly FilePart[]): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await new Blob([...parts]).arrayBuffer());

/** Only workers may read a Blob while they wait. */
const syncReader = (): FileReaderSync | null =>
  typeof FileReaderSync === 'undefined' ? null : new FileReaderSync();

export function blobSource(blob: Blob, name: string): ByteSource {
  const reader = syncReader();
  return {
    name,
    size: blob.size,
    read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
    ...(reader && {
      readSync: (start, end) => new Uint8Array(reader.readAsArrayBuffer(blob.slice(start, end))),
    }),
    part: (start, end) => blob.slice(start, end),
  };
}

export const bytesSource = (bytes: Uint8Array, name: string): ByteSource => ({
  name,
  size: bytes.length,
  read: async (start, end) => bytes.subarray(start, end),
  readSync: (start, end) => bytes.subarray(start, end),
});

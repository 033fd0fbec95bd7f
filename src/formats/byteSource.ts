/**
 * Bytes that can be read in ranges: a file on disk is never copied whole where a slice will do.
 * `Blob` and `File` fit through `blobSource`, tests through `bytesSource`.
 */
export interface ByteSource {
  readonly name: string;
  readonly size: number;
  /** Bytes `[start, end)`. */
  read(start: number, end: number): Promise<Uint8Array>;
}

export const blobSource = (blob: Blob, name: string): ByteSource => ({
  name,
  size: blob.size,
  read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
});

export const bytesSource = (bytes: Uint8Array, name: string): ByteSource => ({
  name,
  size: bytes.length,
  read: async (start, end) => bytes.subarray(start, end),
});

import { type ByteSource, bytesSource } from '../../../src/index';

/** A file of the bench's server. */
export async function fetched(path: string): Promise<ByteSource> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: the server answers ${response.status}`);
  return bytesSource(new Uint8Array(await response.arrayBuffer()), path.slice(path.lastIndexOf('/') + 1));
}

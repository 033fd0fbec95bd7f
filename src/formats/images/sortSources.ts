import type { ByteSource } from '../byteSource';
import { FormatError } from '../errors';
import { type FileKind, recognize } from '../recognize';

export interface SortedSources {
  readonly images: readonly ByteSource[];
  /** Files of a folder that are no images and no data: descriptions, thumbnails' databases. */
  readonly strays: readonly ByteSource[];
}

/** What a browser decodes. A name is enough: thousands of files need not be opened twice, and decoding tells. */
const IMAGE_NAME = /\.(png|jpe?g|webp|bmp|gif)$/i;
export const hasImages = (sources: readonly ByteSource[]): boolean =>
  sources.some(({ name }) => IMAGE_NAME.test(name));
const DATA_KINDS: ReadonlySet<FileKind['kind']> = new Set(['npy', 'npz', 'safetensors', 'onnx']);

/**
 * Separates images from the other files that lie in their folder; null when there are none. A FormatError when
 * arrays stand among them: which of the two is meant is the user's to say.
 */
export async function sortSources(sources: readonly ByteSource[]): Promise<SortedSources | null> {
  const images: ByteSource[] = [];
  const strays: ByteSource[] = [];
  let array: ByteSource | null = null;
  for (const source of sources) {
    if (IMAGE_NAME.test(source.name)) {
      images.push(source);
      continue;
    }
    const { kind } = await recognize(source);
    if (kind === 'image') images.push(source);
    else strays.push(source);
    if (DATA_KINDS.has(kind)) array ??= source;
  }
  if (images.length === 0) return null;
  if (array)
    throw new FormatError(
      array.name,
      `was chosen together with ${images.length} images; open either the images or the array.`,
    );
  // Folders give files in no order; the page's preview and the samples' numbers should not depend on it.
  images.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { images, strays };
}

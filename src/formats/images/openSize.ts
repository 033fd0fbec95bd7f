import { sizeOf, type Tensor } from '../../graph/tensor';
import type { ByteSource } from '../byteSource';
import type { ImageDecoder } from './imageDecoder';
import { COMMON_SIZE, type ImageSize, type ImageTarget } from './imageSettings';

/** Width and height in pixels, and where they come from, as a note says it. */
export interface OpenSize extends ImageSize {
  readonly from: string;
}

/** Photographs are larger than any classifier's input: images beyond it do not tell the model's size. */
const LARGEST_OWN_SIDE = 512;
const COMMON: OpenSize = { ...COMMON_SIZE, from: 'the commonest size of classifiers' };
/** As many are tried, should the first ones be broken. */
const TRIED = 3;

/**
 * The size of images for a model that leaves its own open: that of the data that is open already, else that of the first
 * image, else 224 × 224.
 */
export async function openSize(
  { layout }: ImageTarget,
  other: Tensor | undefined,
  images: readonly ByteSource[],
  decode: ImageDecoder,
): Promise<OpenSize> {
  const [, , ...spatial] = other?.shape ?? [];
  if (other?.shape.length === 4 && sizeOf(other.shape) > 0) {
    const [height = 0, width = 0] = layout === 'nhwc' ? other.shape.slice(1, 3) : spatial;
    return { width, height, from: 'as the data that is open' };
  }
  for (const image of images.slice(0, TRIED)) {
    const own = await ownSize(image, decode);
    if (own && Math.max(own.width, own.height) <= LARGEST_OWN_SIDE)
      return { ...own, from: `as ${image.name}` };
  }
  return COMMON;
}

/** Null for a file that does not decode: whoever reads the images says so. */
async function ownSize(image: ByteSource, decode: ImageDecoder) {
  const found: ImageSize[] = [];
  const pixel = { scaledWidth: 1, scaledHeight: 1, left: 0, top: 0, width: 1, height: 1 };
  const bytes = await image.read(0, image.size);
  await decode(bytes, (width, height) => {
    found.push({ width, height });
    return pixel;
  }).catch(() => null);
  return found[0] ?? null;
}

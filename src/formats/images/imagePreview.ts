import type { Dataset } from '../dataset';
import { channelCount } from './imageSettings';

/** One image as the model sees it, made small for the page. */
export interface ImagePreview {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** In natural colours, whatever the channel order. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  /** Of the model's input values. */
  readonly min: number;
  readonly max: number;
  readonly label: string | null;
}

const PREVIEWS = 8;
const PREVIEW_SIDE = 96;

/** The first images of a dataset that was read from images. */
export function imagePreviews(data: Dataset): readonly ImagePreview[] {
  const { origin } = data;
  if (origin?.kind !== 'images') return [];
  return origin.names.slice(0, PREVIEWS).map((name, index) => preview(data, name, index));
}

function preview(data: Dataset, name: string, index: number): ImagePreview {
  const { origin } = data;
  const values = Object.values(data.arrays)[0]?.data ?? new Float32Array();
  const sample = values.subarray(
    (index * values.length) / data.samples,
    ((index + 1) * values.length) / data.samples,
  );
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of sample) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const classIndex = data.labels?.[index];
  const label =
    origin?.kind === 'images' && classIndex !== undefined ? (origin.classes?.[classIndex] ?? null) : null;
  return { name, ...picture(data, sample), min, max, label };
}

/** Undoes mean, std and layout; every n-th pixel. */
function picture({ origin }: Dataset, sample: ArrayLike<number>) {
  if (origin?.kind !== 'images') throw new Error('internal: a preview of data that is no images.');
  const { settings } = origin;
  const step = Math.max(1, Math.ceil(Math.max(settings.width, settings.height) / PREVIEW_SIDE));
  const width = Math.ceil(settings.width / step);
  const height = Math.ceil(settings.height / step);
  const count = channelCount(settings);
  const area = settings.width * settings.height;
  const [pixelStep, channelStep] = settings.layout === 'nchw' ? [1, area] : [count, 1];
  const order = { rgb: [0, 1, 2], bgr: [2, 1, 0], grey: [0, 0, 0] }[settings.channels];
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (const [colour, channel] of order.entries()) {
        const at = (y * step * settings.width + x * step) * pixelStep + channel * channelStep;
        const value = (sample[at] ?? 0) * (settings.std[channel] ?? 1) + (settings.mean[channel] ?? 0);
        rgba[4 * (y * width + x) + colour] = 255 * value;
      }
  return { width, height, rgba };
}

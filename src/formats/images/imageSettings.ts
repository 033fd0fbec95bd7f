import { formatShape, type Shape } from '../../graph/shape';
import { FormatError } from '../errors';

export type ChannelOrder = 'rgb' | 'bgr' | 'grey';
export type ImageLayout = 'nchw' | 'nhwc';

/** How images become a model's input. */
export interface ImageSettings {
  /** What the model sees, in pixels. */
  readonly width: number;
  readonly height: number;
  /** `whole`: the image is stretched to the size. `crop`: its shorter side is resized, then the centre cut out. */
  readonly fit: 'whole' | 'crop';
  /** Of `crop`, in pixels: torchvision's `Resize(shorterSide)`. */
  readonly shorterSide: number;
  readonly channels: ChannelOrder;
  readonly layout: ImageLayout;
  /** Per channel, in the order of `channels`: the input is `(value / 255 − mean) / std`. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Images in class folders carry their folder's index as label. */
  readonly folderLabels: boolean;
  /** The largest number of images, spread evenly over the folder; null for all. */
  readonly atMost: number | null;
}

type Normalization = Pick<ImageSettings, 'mean' | 'std'>;

const evenly = (mean: number, std: number): Normalization => ({
  mean: [mean, mean, mean],
  std: [std, std, std],
});

/** Mean and std that models are commonly trained with; ImageNet's are torchvision's. */
export const NORMALIZATIONS = {
  unit: evenly(0, 1),
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  symmetric: evenly(0.5, 0.5),
  bytes: evenly(0, 1 / 255),
} as const satisfies Readonly<Record<string, Normalization>>;

/** What a model's input leaves to choose; null where the user says. */
export interface ImageTarget {
  readonly layout: ImageLayout | null;
  readonly channels: 1 | 3 | null;
  readonly width: number | null;
  readonly height: number | null;
}

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** The size that image classifiers most often have. */
export const COMMON_SIZE: ImageSize = { width: 224, height: 224 };
export const MAX_SIDE = 4096;

const fixed = (dim: number | string | undefined): number | null => (typeof dim === 'number' ? dim : null);
const isColours = (dim: number | string | undefined): dim is 1 | 3 => dim === 1 || dim === 3;

/**
 * What an input of that shape asks of images. A FormatError when it is not 4-D or its channels are neither 3 nor 1.
 * Channels stand on axis 1 (PyTorch, ONNX) unless only axis 3 can be them (TensorFlow).
 */
export function imageTarget(source: string, name: string, shape: Shape): ImageTarget {
  if (!shape) return { layout: null, channels: null, width: null, height: null };
  const refuse = (problem: string): never => {
    throw new FormatError(
      source,
      `images fit a model with one 4-D input of 3 or 1 channels; input '${name}' expects ${formatShape(shape)}${problem}. Save the preprocessed samples as an array (.npy).`,
    );
  };
  if (shape.length !== 4) return refuse('');
  const [, first, second, last] = shape;
  if (isColours(last) && !isColours(first))
    return { layout: 'nhwc', channels: last, height: fixed(first), width: fixed(second) };
  if (isColours(first)) return { layout: 'nchw', channels: first, height: fixed(second), width: fixed(last) };
  if (typeof first === 'number' && typeof last === 'number') return refuse(', which has neither');
  return { layout: null, channels: null, width: null, height: null };
}

/** The settings of a first look: the whole image in 0…1. What the model fixes is taken from it, what it leaves open from `open`. */
export function defaultImageSettings(target: ImageTarget, open: ImageSize = COMMON_SIZE): ImageSettings {
  const width = target.width ?? open.width;
  const height = target.height ?? open.height;
  return {
    width,
    height,
    fit: 'whole',
    // 256 for 224, in that proportion for other sizes.
    shorterSide: Math.round((Math.max(width, height) * 8) / 7),
    channels: target.channels === 1 ? 'grey' : 'rgb',
    layout: target.layout ?? 'nchw',
    ...NORMALIZATIONS.unit,
    folderLabels: true,
    atMost: null,
  };
}

/** Settings chosen for another model, with what this one fixes. */
export const adaptedTo = (target: ImageTarget, settings: ImageSettings): ImageSettings => ({
  ...settings,
  width: target.width ?? settings.width,
  height: target.height ?? settings.height,
  layout: target.layout ?? settings.layout,
  channels: channelsFor(target, settings.channels),
});

function channelsFor({ channels }: ImageTarget, chosen: ChannelOrder): ChannelOrder {
  if (channels === 1) return 'grey';
  return channels === 3 && chosen === 'grey' ? 'rgb' : chosen;
}

export const channelCount = ({ channels }: ImageSettings): 1 | 3 => (channels === 'grey' ? 1 : 3);

/** Throws a FormatError that names the setting, its value and its limits. */
export function checkImageSettings(source: string, settings: ImageSettings): void {
  const refuse = (problem: string): never => {
    throw new FormatError(source, `the image settings do not fit: ${problem}.`);
  };
  const whole = (name: string, value: number, least: number, most: number) => {
    if (!Number.isInteger(value) || value < least || value > most)
      refuse(`${name} must be a whole number from ${least} to ${most}, got ${value}`);
  };
  const { width, height, fit, shorterSide, mean, std, atMost } = settings;
  whole('the width', width, 1, MAX_SIDE);
  whole('the height', height, 1, MAX_SIDE);
  if (fit === 'crop') whole('the shorter side', shorterSide, Math.max(width, height), 2 * MAX_SIDE);
  if (atMost !== null) whole('the number of images', atMost, 1, Number.MAX_SAFE_INTEGER);
  for (const [name, list] of Object.entries({ mean, std }))
    if (list.length < channelCount(settings) || !list.every(Number.isFinite))
      refuse(`${name} must be ${channelCount(settings)} numbers, got [${list.join(', ')}]`);
  if (std.includes(0)) refuse('std divides, so no entry of it can be 0');
}

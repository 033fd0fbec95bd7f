import { type Job, PLAIN_JOB } from '../../exec/job';
import type { ByteSource } from '../../formats/byteSource';
import type { Dataset } from '../../formats/dataset';
import { FormatError } from '../../formats/errors';
import type { ImageDecoder } from '../../formats/images/imageDecoder';
import {
  adaptedTo,
  defaultImageSettings,
  type ImageSettings,
  type ImageTarget,
  imageTarget,
} from '../../formats/images/imageSettings';
import { openSize } from '../../formats/images/openSize';
import { readImages } from '../../formats/images/readImages';
import { sortSources } from '../../formats/images/sortSources';
import { openDataset } from '../../formats/openDataset';
import type { Model } from '../../graph/model';
import { modelInputs } from './data';

/** What reading data needs besides the files. */
export interface DataScope {
  readonly model: Model;
  /** Null where none is at hand (a program in Node): images are then refused. */
  readonly decodeImage: ImageDecoder | null;
  /** Settings that the user chose before, for these images or others. */
  readonly imageSettings: ImageSettings | null;
  /** Data that is open for the model: its sizes go for images too. */
  readonly other: Dataset | null;
}

/** What the model's only input asks of images; a FormatError when it takes none. */
export function imageTargetOf(source: string, model: Model): ImageTarget {
  const [input, ...others] = modelInputs(model);
  if (!input || others.length > 0)
    throw new FormatError(
      source,
      `images fit a model with one 4-D input; this one has ${others.length + (input ? 1 : 0)} inputs. Save one array per input in a .npz file (numpy.savez).`,
    );
  return imageTarget(source, input.name, input.shape);
}

function imageReader(source: string, { decodeImage }: DataScope): ImageDecoder {
  if (decodeImage) return decodeImage;
  throw new FormatError(
    source,
    'images are decoded by the browser; here, save the samples as an array (.npy).',
  );
}

/** Reads samples from a file of arrays, or from images with the settings chosen before. */
export async function readData(
  sources: readonly ByteSource[],
  scope: DataScope,
  job: Job = PLAIN_JOB,
): Promise<Dataset> {
  const sorted = sources.length > 0 ? await sortSources(sources) : null;
  if (!sorted) return openDataset(sources);
  const { images, strays } = sorted;
  const [first] = images;
  const name = images.length === 1 && first ? first.name : `${images.length} images`;
  const target = imageTargetOf(name, scope.model);
  const decode = imageReader(name, scope);
  const { settings, notes } = await settingsFor(target, images, scope, decode);
  const data = await readImages(images, settings, decode, job);
  return { ...data, notes: [...notes, ...(data.notes ?? []), ...strayNote(strays)] };
}

/** The settings chosen before, or those of a first look, with a note where the model leaves the size open. */
async function settingsFor(
  target: ImageTarget,
  images: readonly ByteSource[],
  { imageSettings, other }: DataScope,
  decode: ImageDecoder,
): Promise<{ readonly settings: ImageSettings; readonly notes: readonly string[] }> {
  if (imageSettings) return { settings: adaptedTo(target, imageSettings), notes: [] };
  const size = await openSize(target, Object.values(other?.arrays ?? {})[0], images, decode);
  const settings = defaultImageSettings(target, size);
  const isOpen = target.width === null || target.height === null;
  const note = `The model leaves the size of images open: width ${settings.width}, height ${settings.height} (${size.from}); Images… sets another.`;
  return { settings, notes: isOpen ? [note] : [] };
}

function strayNote(strays: readonly ByteSource[]): readonly string[] {
  if (strays.length === 0) return [];
  const names = strays.slice(0, 3).map((stray) => stray.name);
  return [
    `No images, left out: ${names.join(', ')}${strays.length > 3 ? ` and ${strays.length - 3} more` : ''}.`,
  ];
}

/** The same images with other settings; null for data that is no images. */
export async function readAgain(
  data: Dataset | null,
  settings: ImageSettings,
  scope: DataScope,
  job: Job,
): Promise<Dataset | null> {
  if (data?.origin?.kind !== 'images') return null;
  const target = imageTargetOf(data.source, scope.model);
  return readImages(data.origin.sources, adaptedTo(target, settings), imageReader(data.source, scope), job);
}

/** Whether two datasets were read from one choice of images. */
export const sameImages = (one: Dataset | null, other: Dataset | null): boolean =>
  one?.origin?.kind === 'images' &&
  other?.origin?.kind === 'images' &&
  one.origin.sources === other.origin.sources;

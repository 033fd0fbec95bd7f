import { floatTensor } from '../../graph/tensor';
import type { ByteSource } from '../byteSource';
import type { Dataset } from '../dataset';
import { FormatError } from '../errors';
import { readRange } from '../readRange';
import { type ClassFolders, classFolders, commonFolder } from './classFolders';
import { drawPlan } from './drawPlan';
import type { ImageDecoder } from './imageDecoder';
import { channelCount, checkImageSettings, type ImageSettings } from './imageSettings';
import { PixelWriter } from './pixelValues';

/** 512 MiB as float32: what decoded images may take of a tab's memory. */
export const MAX_IMAGE_VALUES = 2 ** 27;
/** Names in a note or a message. */
const MAX_NAMED = 5;

/** Work that reports how far it is and can be stopped; the signal's reason is thrown. */
export interface ReadingJob {
  readonly signal: AbortSignal;
  progress(phase: string, done: number, total: number): void;
}

const listed = (names: readonly string[]): string =>
  names.slice(0, MAX_NAMED).join(', ') +
  (names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '');

/** `photos (12 images)`; the name itself of a single image. */
function sourceText(paths: readonly string[]): string {
  const [first = ''] = paths;
  if (paths.length === 1) return first;
  return `${commonFolder(paths) || `${first} …`} (${paths.length} images)`;
}

/** `count` of the items, as far apart as can be: classes in folders keep their shares. */
const spread = <T>(items: readonly T[], count: number): readonly T[] =>
  items.length <= count
    ? items
    : Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]).filter(
        (item) => item !== undefined,
      );

/** The images that are read, and why they are not all. */
function chosen(
  sources: readonly ByteSource[],
  settings: ImageSettings,
  size: number,
): { readonly read: readonly ByteSource[]; readonly note: readonly string[] } {
  const fitting = Math.floor(MAX_IMAGE_VALUES / size);
  if (fitting === 0)
    throw new FormatError(
      sourceText(sources.map(({ name }) => name)),
      `one image of ${settings.width} × ${settings.height} takes more than the ${MAX_IMAGE_VALUES.toLocaleString('en-US')} values (512 MiB) that decoded images may have; choose a smaller size.`,
    );
  const wanted = settings.atMost ?? sources.length;
  const read = spread(sources, Math.min(wanted, fitting));
  if (read.length >= Math.min(wanted, sources.length)) return { read, note: [] };
  return {
    read,
    note: [
      `${read.length} of ${sources.length} images are read, spread evenly: decoded images may take 512 MiB.`,
    ],
  };
}

interface Decoded {
  readonly data: Float32Array;
  readonly names: readonly string[];
  readonly broken: readonly string[];
}

async function decodeAll(
  sources: readonly ByteSource[],
  settings: ImageSettings,
  decode: ImageDecoder,
  job: ReadingJob,
): Promise<Decoded> {
  const writer = new PixelWriter(settings);
  const data = new Float32Array(sources.length * writer.size);
  const names: string[] = [];
  const broken: string[] = [];
  for (const [done, source] of sources.entries()) {
    job.signal.throwIfAborted();
    job.progress('Read images', done, sources.length);
    const bytes = await readRange(source, 0, source.size, 'the image');
    const pixels = await decode(bytes, (width, height) => drawPlan(settings, width, height)).catch(wordsOf);
    if (typeof pixels === 'string') broken.push(`${source.name} (${pixels})`);
    else writer.write(pixels, data, names.push(source.name) - 1);
  }
  return { data: data.subarray(0, names.length * writer.size), names, broken };
}

/** A browser's own words for a file that it cannot decode, without the name of its error class. */
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function shapeOf(count: number, settings: ImageSettings): readonly number[] {
  const { width, height, layout } = settings;
  const channels = channelCount(settings);
  return layout === 'nchw' ? [count, channels, height, width] : [count, height, width, channels];
}

const brokenNote = (broken: readonly string[], all: number): readonly string[] =>
  broken.length > 0
    ? [`${broken.length} of ${all} images could not be decoded and are left out: ${listed(broken)}.`]
    : [];

/**
 * Decodes images into one array for a model's only input. An image that cannot be decoded is left out and named in
 * the notes; a FormatError when none can, or when the settings do not fit. Reports `Read images` by image.
 */
export async function readImages(
  sources: readonly ByteSource[],
  settings: ImageSettings,
  decode: ImageDecoder,
  job: ReadingJob,
): Promise<Dataset> {
  const paths = sources.map(({ name }) => name);
  const source = sourceText(paths);
  checkImageSettings(source, settings);
  const { read, note } = chosen(sources, settings, new PixelWriter(settings).size);
  const { data, names, broken } = await decodeAll(read, settings, decode, job);
  if (names.length === 0)
    throw new FormatError(
      source,
      `no image could be decoded (${listed(broken)}). The browser reads PNG, JPEG, WebP, BMP and GIF.`,
    );
  const folders = classFolders(paths);
  return {
    arrays: { '': floatTensor(shapeOf(names.length, settings), data) },
    labels: settings.folderLabels ? labelsOf(folders, paths, names) : null,
    samples: names.length,
    source,
    origin: { kind: 'images', sources, settings, names, classes: folders?.classes ?? null },
    notes: [...note, ...brokenNote(broken, read.length)],
  };
}

/** Labels of the images that were read: classes are counted over all, so that a broken image shifts none. */
function labelsOf(
  folders: ClassFolders | null,
  paths: readonly string[],
  names: readonly string[],
): Int32Array | null {
  if (!folders) return null;
  const byPath = new Map(paths.map((path, i) => [path, folders.labels[i] ?? 0]));
  return Int32Array.from(names, (name) => byPath.get(name) ?? 0);
}

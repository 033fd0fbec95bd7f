/** What a dropped file is for, by its extension; the contents are the engine's matter. */
export type FilePurpose = 'model' | 'data';

const PURPOSE_OF_EXTENSION: Readonly<Record<string, FilePurpose>> = {
  onnx: 'model',
  safetensors: 'model',
  pt: 'model',
  pth: 'model',
  pt2: 'model',
  ckpt: 'model',
  json: 'model',
  npy: 'data',
  npz: 'data',
  csv: 'data',
  png: 'data',
  jpg: 'data',
  jpeg: 'data',
  webp: 'data',
  bmp: 'data',
  gif: 'data',
};

const IMAGE = /\.(png|jpe?g|webp|bmp|gif)$/i;

/** For the file inputs: what their dialogs offer first; an ONNX model's external data is mostly called so. */
export const MODEL_EXTENSIONS =
  '.eqstudio,.safetensors,.onnx,.pt2,.pt,.pth,.ckpt,.json,.data,.onnx_data,.bin,.weights';
export const DATA_EXTENSIONS = '.npy,.npz,.csv,.safetensors,.png,.jpg,.jpeg,.webp,.bmp,.gif';

/** A whole project, which goes before all that lies beside it. */
export const projectFileIn = (files: readonly File[]): File | undefined =>
  files.find(({ name }) => name.toLowerCase().endsWith('.eqstudio'));

export const hasImages = (files: readonly File[]): boolean => files.some(({ name }) => IMAGE.test(name));

/** The names of some files; of many, the first and how many. */
export const namesOf = (files: readonly File[]): string =>
  files.length > 4
    ? `${files[0]?.name ?? ''} and ${files.length - 1} more`
    : files.map((file) => file.name).join(', ');

/** What is wrong with a file, where its name stands over the sentence already. */
export function withoutName(message: string, files: readonly File[]): string {
  const prefix = files.map(({ name }) => `${name}: `).find((start) => message.startsWith(start));
  if (prefix === undefined) return message;
  const rest = message.slice(prefix.length);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/**
 * Images are opened together, with whatever else lies in their folder, which the engine names; other data one file
 * at a time.
 */
export function dataGroups(files: readonly File[]): readonly (readonly File[])[] {
  const isArray = ({ name }: File) => DATA_EXTENSIONS.includes(extensionOf(name)) && !IMAGE.test(name);
  const rest = files.filter((file) => !isArray(file));
  const arrays = files.filter(isArray).map((file) => [file]);
  return rest.length > 0 ? [...arrays, rest] : arrays;
}

/** The file with its folders in its name (`photos/cat/1.png`): what a worker is given has no path otherwise. */
export const withPath = (file: File, path = file.webkitRelativePath): File =>
  path === '' || path === file.name
    ? file
    : new File([file], path, { type: file.type, lastModified: file.lastModified });

export interface SortedFiles {
  readonly model: readonly File[];
  readonly data: readonly File[];
  /** Files of no known extension: with a model, perhaps its data. */
  readonly unknown: readonly File[];
}

const extensionOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1).toLowerCase();

/** Sorts dropped files into model files and data; whether data is for calibration or evaluation is seen in its content. */
export function sortFiles(files: readonly File[]): SortedFiles {
  const having = (purpose: FilePurpose | undefined) =>
    files.filter((file) => PURPOSE_OF_EXTENSION[extensionOf(file.name)] === purpose);
  return { model: having('model'), data: having('data'), unknown: having(undefined) };
}

/** As `sortFiles`; files of no known extension that lie with images in a folder go with them, to be named there. */
export function sortDropped(files: readonly File[]): SortedFiles {
  const sorted = sortFiles(files);
  const isFolder = sorted.data.some(({ name }) => IMAGE.test(name) && name.includes('/'));
  if (!isFolder) return sorted;
  return { model: sorted.model, data: [...sorted.data, ...sorted.unknown], unknown: [] };
}

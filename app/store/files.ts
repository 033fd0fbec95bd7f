/** What a dropped file is for, by its extension; the contents are the engine's matter. */
export type FilePurpose = 'model' | 'data';

const PURPOSE_OF_EXTENSION: Readonly<Record<string, FilePurpose>> = {
  onnx: 'model',
  safetensors: 'model',
  pt: 'model',
  pth: 'model',
  pt2: 'model',
  ckpt: 'model',
  npy: 'data',
  npz: 'data',
  csv: 'data',
};

/** For the file inputs: what their dialogs offer first; an ONNX model's external data is mostly called so. */
export const MODEL_EXTENSIONS = '.safetensors,.onnx,.pt2,.pt,.pth,.ckpt,.data,.onnx_data,.bin,.weights';
export const DATA_EXTENSIONS = '.npy,.npz,.csv,.safetensors';

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

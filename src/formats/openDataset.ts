import type { Tensor } from '../graph/tensor';
import type { ByteSource } from './byteSource';
import type { Dataset } from './dataset';
import { FormatError } from './errors';
import { type FileKind, recognize } from './recognize';

const ACCEPTED =
  'Data is read from .npy, .npz, .csv and .safetensors files whose first axis (or row) counts samples, and from images.';
/** Names under which an integer array holds class indices; the first that is there is taken. */
const LABEL_NAMES = ['labels', 'y'] as const;
/** The key of a file's only, unnamed array. */
const UNNAMED = '';

type Arrays = Readonly<Record<string, Tensor>>;

async function readSafetensorsArrays(source: ByteSource): Promise<Arrays> {
  const { readSafetensors } = await import('./safetensors/read');
  const { tensors, metadata } = await readSafetensors(source);
  if (Object.hasOwn(metadata, 'fx'))
    throw new FormatError(source.name, `is a model (it carries a graph), not data. ${ACCEPTED}`);
  return tensors;
}

const refuse = (source: ByteSource, problem: string): never => {
  throw new FormatError(source.name, `${problem} ${ACCEPTED}`);
};

async function readArrays(source: ByteSource, kind: FileKind): Promise<Arrays> {
  switch (kind.kind) {
    case 'npy':
      return { [UNNAMED]: await (await import('./npy/readNpy')).readNpy(source) };
    case 'npz':
      return (await import('./npy/readNpz')).readNpz(source);
    case 'safetensors':
      return readSafetensorsArrays(source);
    case 'text':
      return { [UNNAMED]: await (await import('./csv/read')).readCsv(source) };
    case 'empty':
      return refuse(source, 'the file is empty (0 bytes).');
    case 'onnx':
      return refuse(source, 'is an ONNX model, not data.');
    case 'torch':
      return refuse(source, 'is a file of PyTorch, not data; save the samples as .npy or .npz.');
    case 'tfjs':
      return refuse(source, 'is a JSON file, not data.');
    case 'image':
      return refuse(source, `is ${kind.title}; save the preprocessed images as one array.`);
    case 'foreign':
      return refuse(source, `is ${kind.title}, which the studio does not read.`);
    case 'unknown':
      return readByExtension(source);
    default:
      return kind satisfies never;
  }
}

/** A file that its content does not tell goes to the reader of its extension, which says what is wrong with it. */
function readByExtension(source: ByteSource): Promise<Arrays> {
  const extension = /\.(npy|npz|csv|safetensors)$/i.exec(source.name)?.[1]?.toLowerCase();
  if (extension === 'npy' || extension === 'npz' || extension === 'safetensors')
    return readArrays(source, { kind: extension });
  if (extension === 'csv') return readArrays(source, { kind: 'text' });
  return refuse(source, 'is of a kind that the studio does not know.');
}

/** An array that can be class indices: integers, or floats `labels` that are whole numbers. Other floats are data. */
function asLabels(name: string, tensor: Tensor | undefined): Tensor | undefined {
  if (tensor?.dtype === 'int32') return tensor;
  if (name !== 'labels' || tensor?.dtype !== 'float32' || !tensor.data.every(Number.isInteger))
    return undefined;
  return { dtype: 'int32', shape: tensor.shape, data: Int32Array.from(tensor.data) };
}

/** Takes class indices out of the arrays: `[n]` or `[n, 1]`. */
function splitLabels(file: string, arrays: Arrays): { arrays: Arrays; labels: Tensor | null; key: string } {
  const key = LABEL_NAMES.find((name) => Object.hasOwn(arrays, name) && asLabels(name, arrays[name]));
  const labels = key === undefined ? undefined : asLabels(key, arrays[key]);
  if (key === undefined || !labels) return { arrays, labels: null, key: '' };
  if (labels.shape.length === 0 || labels.shape.slice(1).some((dim) => dim !== 1))
    throw new FormatError(
      file,
      `array '${key}' holds the labels, one class index a sample, so its shape must be [n]; got [${labels.shape.join(', ')}].`,
    );
  return { arrays: Object.fromEntries(Object.entries(arrays).filter(([name]) => name !== key)), labels, key };
}

const title = (name: string): string => (name === UNNAMED ? 'the array' : `array '${name}'`);

/** The length that all first axes share; at least 1. */
function countSamples(file: string, arrays: readonly (readonly [string, Tensor])[]): number {
  const [first, ...others] = arrays.map(([name, { shape }]) => {
    const [samples] = shape;
    if (samples === undefined)
      throw new FormatError(file, `${title(name)} is a single number; its first axis must count samples.`);
    return { name, samples };
  });
  if (!first) throw new FormatError(file, `has no arrays. ${ACCEPTED}`);
  const other = others.find(({ samples }) => samples !== first.samples);
  if (other)
    throw new FormatError(
      file,
      `${title(first.name)} has ${first.samples} samples and ${title(other.name)} has ${other.samples}; the first axis of all arrays must be the same.`,
    );
  if (first.samples === 0)
    throw new FormatError(file, `${title(first.name)} has no samples; at least one is needed.`);
  return first.samples;
}

/**
 * Opens one file of samples, recognized by its content. NaN and infinities in the data are kept: calibration
 * reports them. Throws a FormatError that names the array, the value and what is expected.
 */
export async function openDataset(sources: readonly ByteSource[]): Promise<Dataset> {
  const [source, ...more] = sources;
  if (!source) throw new FormatError('No file', `nothing was chosen. ${ACCEPTED}`);
  if (more.length > 0)
    throw new FormatError(
      sources.map((s) => s.name).join(', '),
      `these are ${sources.length} files; open one at a time. Arrays for several inputs go into one .npz file (numpy.savez).`,
    );
  const all = await readArrays(source, await recognize(source));
  const { arrays, labels, key } = splitLabels(source.name, all);
  const samples = countSamples(source.name, Object.entries(all));
  if (Object.keys(arrays).length === 0)
    throw new FormatError(source.name, `holds labels ('${key}') but no data for the model's input.`);
  return {
    arrays,
    labels: labels && Int32Array.from(labels.data),
    samples,
    source: source.name,
  };
}

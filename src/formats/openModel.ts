import type { ByteSource } from './byteSource';
import { FormatError } from './errors';
import type { OpenedModel } from './openedModel';
import { type FileKind, recognize } from './recognize';

export type { OpenedModel } from './openedModel';
export type OpenModel = (sources: readonly ByteSource[]) => Promise<OpenedModel>;

const ACCEPTED =
  "The studio opens ONNX models (.onnx) and FX model files (.safetensors with a graph, from the studio's PyTorch exporter).";
const DATA = 'Drop it as calibration data once a model is open.';

function seeming(kind: FileKind): string {
  switch (kind.kind) {
    case 'npy':
      return `is a NumPy array, not a model. ${DATA}`;
    case 'npz':
      return `is an archive of NumPy arrays, not a model. ${DATA}`;
    case 'foreign':
      return `is ${kind.title}, which the studio does not read. ${kind.advice ?? ''}`.trimEnd();
    case 'image':
      return `is ${kind.title}, which the studio does not read.`;
    case 'text':
      return 'is a text file, not a model.';
    default:
      return 'is of a kind that the studio does not know.';
  }
}

/** Broken files still go to the reader of their extension, which can say what is wrong with them. */
const byExtension = (name: string): 'onnx' | 'safetensors' | null => {
  const extension = /\.(onnx|safetensors)$/i.exec(name)?.[1]?.toLowerCase();
  return extension === 'onnx' || extension === 'safetensors' ? extension : null;
};

/** Readers are loaded when first needed: protobuf and its schema are not part of the page's first load. */
async function readAs(format: 'onnx' | 'safetensors', source: ByteSource): Promise<OpenedModel> {
  if (format === 'onnx') return (await import('./onnx/read')).readOnnx(source);
  return (await import('./fx/read')).readFx(source);
}

/**
 * Opens the one model file among those dropped: recognized by its content first, then by its extension. Throws a
 * FormatError that says what the file seems to be and what is accepted, and whatever the format's reader throws.
 */
export const openModel: OpenModel = async (sources) => {
  const [source, ...others] = sources;
  if (!source) throw new FormatError('No file', `nothing was chosen. ${ACCEPTED}`);
  if (others.length > 0)
    throw new FormatError(
      sources.map((s) => s.name).join(', '),
      `these are ${sources.length} files; open one model file at a time. ${ACCEPTED}`,
    );
  const kind = await recognize(source);
  if (kind.kind === 'empty') throw new FormatError(source.name, `the file is empty (0 bytes). ${ACCEPTED}`);
  if (kind.kind === 'onnx' || kind.kind === 'safetensors') return readAs(kind.kind, source);
  const format = kind.kind === 'unknown' || kind.kind === 'text' ? byExtension(source.name) : null;
  if (format) return readAs(format, source);
  throw new FormatError(source.name, `${seeming(kind)} ${ACCEPTED}`);
};

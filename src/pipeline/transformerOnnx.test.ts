import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { joinedParts } from '../formats/byteSource';
import { readFx } from '../formats/fx/read';
import { patchOnnx } from '../formats/onnx/patch';
import { readOnnx } from '../formats/onnx/read';
import { relativeError, runOnnxOn } from '../formats/onnx/testRuntime';
import { ONNX_TRANSFORMERS, transformer } from '../formats/onnx/testTransformers';
import { writeOnnx } from '../formats/onnx/write';
import type { Model } from '../graph/model';
import { floatModel } from '../quant/floatModel';
import { decisionsOf } from './testExact';

beforeAll(() => openTestDevice('wasm'));

/** By name, what is decided for each layer. A norm that is written out takes the scale in its product and its sum. */
const DECISIONS: { readonly [N in (typeof ONNX_TRANSFORMERS)[number]]: Readonly<Record<string, string>> } = {
  'digits-13': {
    embed: 'mul',
    blocks_0_attention_q: 'fold norm1_mul, norm1_add_1',
    blocks_0_attention_k: 'fold norm1_mul, norm1_add_1',
    blocks_0_attention_v: 'fold norm1_mul, norm1_add_1',
    blocks_0_attention_out: 'fold blocks_0_attention_v',
    blocks_0_fc1: 'fold norm2_mul, norm2_add_1',
    blocks_0_fc2: 'mul',
    head: 'fold norm_mul, norm_add_1',
  },
  'digits-17': {
    embed: 'mul',
    blocks_0_attention_q: 'fold blocks_0_norm1',
    blocks_0_attention_k: 'fold blocks_0_norm1',
    blocks_0_attention_v: 'fold blocks_0_norm1',
    blocks_0_attention_out: 'fold blocks_0_attention_v',
    blocks_0_fc1: 'fold blocks_0_norm2',
    blocks_0_fc2: 'mul',
    head: 'fold norm',
  },
  // The rows of the one layer for queries, keys and values that make the values take the projection's scale.
  'encoder-14': {
    self_attn: 'fold norm1_mul, norm1_add_1',
    self_attn_out_proj: 'fold self_attn',
    linear1: 'fold norm2_mul, norm2_add_1',
    linear2: 'mul',
  },
  // Queries, keys and values lie along an axis of their own: a scale of the values' columns would be all three's.
  'packed-16': { qkv: 'fold norm_mul, norm_add_1', out: 'mul' },
  'gated-13': {
    q: 'fold norm1_mul_1',
    k: 'fold norm1_mul_1',
    v: 'fold norm1_mul_1',
    out: 'fold v',
    gate: 'fold norm2_mul_1',
    up: 'fold norm2_mul_1',
    down: 'mul',
  },
};

const equalized = (model: Model, sample: readonly number[]) => decisionsOf(model, {}, sample);

describe('a transformer from ONNX', () => {
  it.each(ONNX_TRANSFORMERS)(
    '%s folds into its norms, and the patched file computes what the file did',
    async (name) => {
      const { bytes, source, x } = transformer(name);
      const { model, onnx } = await readOnnx(source);
      if (!onnx) throw new Error('an ONNX file has its origin');
      const { decisions, error, run } = await equalized(model, x.shape.slice(1));
      expect(decisions).toEqual(DECISIONS[name]);
      expect(error).toBeLessThanOrEqual(1e-5);
      expect(run.equalize.failed).toBe(false);
      const float = floatModel(run.equalize.model);
      const expected = await runOnnxOn(bytes, [x]);
      const patched = await joinedParts(await patchOnnx(onnx, model, float));
      expect(patched).not.toEqual(bytes);
      expect(relativeError(expected, await runOnnxOn(patched, [x]))).toBeLessThan(1e-5);
      expect(relativeError(expected, await runOnnxOn(writeOnnx(float), [x]))).toBeLessThan(1e-5);
    },
  );

  it('gives the layers of one norm one scale', async () => {
    const { source, x } = transformer('gated-13');
    const { run } = await equalized((await readOnnx(source)).model, x.shape.slice(1));
    const scaleOf = (layer: string) =>
      run.equalize.result.decisions.find((decision) => decision.layer === layer)?.scale?.values;
    expect(scaleOf('q')).toHaveLength(16);
    expect(scaleOf('k')).toEqual(scaleOf('q'));
    expect(scaleOf('v')).toEqual(scaleOf('q'));
    expect(scaleOf('up')).toEqual(scaleOf('gate'));
  });
});

it('the same block from an FX model file is decided alike, and written as ONNX computes the same', async () => {
  const { source, x, y } = transformer('gated');
  const { model } = await readFx(source);
  const { decisions, error, run } = await equalized(model, x.shape.slice(1));
  const kinds = (all: Readonly<Record<string, string>>) => Object.values(all).map((d) => d.split(' ')[0]);
  expect(kinds(decisions)).toEqual(kinds(DECISIONS['gated-13']));
  expect(decisions.q).toBe(decisions.k);
  expect(error).toBeLessThanOrEqual(1e-5);
  const bytes = writeOnnx(floatModel(run.equalize.model));
  const expected = [{ dims: y.shape, data: Array.from(y.data) }];
  expect(relativeError(expected, await runOnnxOn(bytes, [x]))).toBeLessThan(1e-5);
});

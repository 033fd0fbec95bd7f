import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { openTestDevice } from '../exec/testDevice';
import { DEFAULT_SETTINGS } from './settings';
import { Studio } from './studio';
import { quietJob } from './testRun';
import { BACKEND, sampleFile } from './testStudio';

const Scales = z.object({ layers: z.array(z.object({ name: z.string(), scale: z.array(z.number()) })) });

beforeAll(() => openTestDevice('wasm'));

it('the transformer sample folds into its norms, with one scale for q, k and v, and gains in int8', async () => {
  const studio = new Studio(BACKEND);
  await studio.openModel([sampleFile('transformer/model.safetensors')]);
  await studio.openCalibration([sampleFile('transformer/calibration.npz')]);
  await studio.openEvaluation([sampleFile('transformer/evaluation.npz')]);
  const { layers, results, steps } = await studio.run('convert', DEFAULT_SETTINGS, quietJob);
  const reasons = Object.fromEntries(layers.map(({ name, reason }) => [name, reason]));
  const fold = (producer: string) => `The weights of ${producer} take the scale: no run-time cost.`;
  expect(reasons).toEqual({
    embed: "Its input comes from x, the model's input: nothing before it can take the scale.",
    blocks_0_attention_q: fold('blocks_0_norm1'),
    blocks_0_attention_k: fold('blocks_0_norm1'),
    blocks_0_attention_v: fold('blocks_0_norm1'),
    blocks_0_attention_out: fold('blocks_0_attention_v'),
    blocks_0_fc1: fold('blocks_0_norm2'),
    blocks_0_fc2: 'Its input comes through blocks_0_gelu (gelu), which a scale cannot pass.',
    head: fold('norm'),
  });
  const { parts } = await studio.exportFile('report', 'convert');
  const report = Scales.parse(JSON.parse(await new Blob([...parts]).text()));
  const [q, k, v] = ['q', 'k', 'v'].map(
    (part) => report.layers.find(({ name }) => name === `blocks_0_attention_${part}`)?.scale,
  );
  expect(q).toHaveLength(32);
  expect(k).toEqual(q);
  expect(v).toEqual(q);
  expect(steps.equalize?.summary).toMatch(/^6 folded, 2 muls; float error \d\.\de-7$/);
  expect(results?.verification?.maxRelError).toBeLessThanOrEqual(1e-5);
  // PyTorch 1.13.1 measured 98.15 % and 97.22 %: public/samples/README.md.
  expect(results?.accuracy?.float).toBeCloseTo(0.9815, 4);
  expect(results?.accuracy?.plain).toBeCloseTo(0.9722, 4);
  expect(results?.accuracy?.equalized).toBeGreaterThanOrEqual(0.97);
  expect(results?.sqnr.equalized ?? 0).toBeGreaterThan((results?.sqnr.plain ?? 99) + 0.5);
}, 60_000);

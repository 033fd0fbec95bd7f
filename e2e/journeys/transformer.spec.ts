import { readOnnxGraph } from '../files/onnxGraph';
import { finite } from '../files/report';
import { expect, test } from '../fixtures';

/** Which tensors take the scale of each layer; null for a mul in front of it. */
const PRODUCERS: Readonly<Record<string, string | null>> = {
  embed: null,
  blocks_0_attention_q: 'blocks_0_norm1',
  blocks_0_attention_k: 'blocks_0_norm1',
  blocks_0_attention_v: 'blocks_0_norm1',
  blocks_0_attention_out: 'blocks_0_attention_v',
  blocks_0_fc1: 'blocks_0_norm2',
  blocks_0_fc2: null,
  head: 'norm',
};
/** public/samples/README.md: 530 of 540 images. */
const FLOAT_ACCURACY = 530 / 540;

test('a transformer opens at one click, folds into its norms and gives q, k and v one scale', async ({
  studio,
  page,
}) => {
  // The GPU's journeys are others; a software adapter is slow on so many small ops, and left alone the studio takes WASM.
  await studio.open({ backend: 'wasm' });
  await page.getByRole('button', { name: 'Digits by a transformer' }).click();
  await studio.expectStep('load', 'done');
  for (const step of ['Prepare', 'Calibrate', 'Equalize', 'Convert'] as const) await studio.run(step);

  for (const [layer, producer] of Object.entries(PRODUCERS))
    await expect(studio.layer(layer)).toContainText(producer === null ? 'mul' : 'fold');
  const { layers, verification, sqnr } = await studio.exportReport();
  expect(layers.map(({ name }) => name)).toEqual(Object.keys(PRODUCERS));
  for (const { name, decision, reason } of layers) {
    const producer = PRODUCERS[name] ?? null;
    expect(decision, name).toBe(producer === null ? 'mul' : 'fold');
    if (producer !== null)
      expect(reason, name).toBe(`The weights of ${producer} take the scale: no run-time cost.`);
  }
  const [q, k, v] = ['q', 'k', 'v'].map(
    (part) => layers.find(({ name }) => name === `blocks_0_attention_${part}`)?.scale,
  );
  expect(new Set(q).size).toBeGreaterThan(1);
  expect(k).toEqual(q);
  expect(v).toEqual(q);

  expect(finite(verification?.maxRelError)).toBeLessThan(1e-5);
  expect(finite(sqnr?.equalized)).toBeGreaterThan(finite(sqnr?.plain));
  expect(await studio.accuracy('float')).toBeCloseTo(FLOAT_ACCURACY, 3);
  expect(await studio.accuracy('int8, equalized')).toBeGreaterThan(FLOAT_ACCURACY - 0.02);
  await expect(studio.alert).toHaveCount(0);

  const onnx = readOnnxGraph(await studio.export('Model (.onnx)'));
  expect(onnx.nodes.filter(({ op }) => op === 'LayerNormalization')).toHaveLength(3);
});

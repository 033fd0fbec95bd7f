import { readFileSync } from 'node:fs';
import { readOnnxGraph } from '../files/onnxGraph';
import { finite, type Report } from '../files/report';
import { readSafetensors } from '../files/safetensors';
import { expect, test } from '../fixtures';
import { ALEXA, alexaData, alexaSamples, FEATURES, FRAMES } from './alexa';
import { gemmLayers, layerInputs, linearScale } from './plainForward';
import { runOnnx } from './runOnnx';

const SAMPLES = 64;
const samples = alexaSamples(SAMPLES, 7);

/** The name of an ONNX node becomes an FX name: layers are matched by their place. */
const expectedScales = () => {
  const layers = gemmLayers(readOnnxGraph(readFileSync(ALEXA)));
  const inputs = layerInputs(layers, samples, SAMPLES);
  return layers.map((layer, index) => linearScale(layer, inputs[index] ?? new Float32Array(), SAMPLES));
};

/** The largest difference, relative to the largest expected value. */
function relativeError(found: readonly number[], expected: readonly number[]): number {
  const error = expected.map((value, index) => Math.abs(value - (found[index] ?? Number.NaN)));
  return Math.max(...error) / Math.max(...expected.map(Math.abs));
}

async function expectSameFunction(exported: Buffer): Promise<void> {
  const original = readFileSync(ALEXA);
  const shape = [1, FRAMES, FEATURES];
  const before = await runOnnx(original, samples, shape);
  const after = await runOnnx(exported, samples, shape);
  expect(before).toHaveLength(SAMPLES);
  expect(after).toHaveLength(SAMPLES);
  expect(relativeError(after, before)).toBeLessThan(1e-5);
  expect(
    readOnnxGraph(exported).initializers.get('1.weight')?.data,
    'the weights must have been rescaled',
  ).not.toEqual(readOnnxGraph(original).initializers.get('1.weight')?.data);
}

function expectScales({ layers, verification }: Report): void {
  const expected = expectedScales();
  expect(layers).toHaveLength(expected.length);
  for (const [index, scale] of expected.entries()) {
    const layer = layers[index];
    if (layer?.decision === 'skip') {
      expect(
        scale.every((value) => value === 1),
        `${layer.name}: ${layer.reason}`,
      ).toBe(true);
      continue;
    }
    const found = layer?.scale.map(finite) ?? [];
    expect(found, layer?.name).toHaveLength(scale.length);
    const error = found.map((value, column) => Math.abs(value / (scale[column] ?? 0) - 1));
    expect(Math.max(...error), layer?.name).toBeLessThan(1e-6);
  }
  expect(layers.filter(({ decision }) => decision !== 'skip').length).toBeGreaterThanOrEqual(2);
  expect(finite(verification?.maxRelError)).toBeLessThan(1e-5);
}

function expectSameFile(again: Buffer, exported: Buffer): void {
  const [first, second] = [readSafetensors(exported), readSafetensors(again)];
  expect(JSON.parse(second.metadata.fx ?? '')).toEqual(JSON.parse(first.metadata.fx ?? ''));
  expect([...second.tensors.keys()].sort()).toEqual([...first.tensors.keys()].sort());
  for (const [name, tensor] of first.tensors) {
    expect(second.tensors.get(name)?.shape, name).toEqual(tensor.shape);
    expect(second.tensors.get(name)?.bytes.equals(tensor.bytes), name).toBe(true);
  }
}

test('alexa_v0.1.onnx, a real model, is equalized, exported and opened again', async ({ studio }) => {
  await studio.open();
  await studio.openModel(ALEXA);
  await studio.expectStep('load', 'done');
  await studio.openCalibration(alexaData('features.npy', SAMPLES, samples));
  await expect(studio.page.getByText('features.npy').first()).toBeVisible();
  await studio.run('Equalize');

  await test.step('the exported ONNX model computes what the original does', async () =>
    expectSameFunction(await studio.export('Model (.onnx)')));
  await test.step('the scales are sqrt(weight range / input range)', async () =>
    expectScales(await studio.exportReport()));
  await test.step('the exported safetensors file opens again and gives the same graph', async () => {
    const exported = await studio.export('Weights (.safetensors)');
    await studio.openModel({
      name: 'equalized.safetensors',
      mimeType: 'application/octet-stream',
      buffer: exported,
    });
    await studio.expectStep('prepare', 'todo');
    await studio.expectStep('load', 'done');
    expect(await studio.fxText()).toContain('_equalization_scale0');
    expectSameFile(await studio.export('Weights (.safetensors)'), exported);
  });
});

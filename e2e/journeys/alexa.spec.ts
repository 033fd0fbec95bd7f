import { readFileSync } from 'node:fs';
import { readOnnxGraph } from '../files/onnxGraph';
import { finite } from '../files/report';
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

test.describe('alexa_v0.1.onnx, a real model', () => {
  test.beforeEach(async ({ studio }) => {
    await studio.open();
    await studio.openModel(ALEXA);
    await studio.expectStep('load', 'done');
    await studio.openCalibration(alexaData('features.npy', SAMPLES, samples));
    await expect(studio.page.getByText('features.npy').first()).toBeVisible();
    await studio.run('Equalize');
  });

  test('the exported ONNX model computes what the original does', async ({ studio }) => {
    const exported = await studio.export('Model (.onnx)');
    const shape = [1, FRAMES, FEATURES];
    const before = await runOnnx(readFileSync(ALEXA), samples, shape);
    const after = await runOnnx(exported, samples, shape);
    expect(before).toHaveLength(SAMPLES);
    expect(after).toHaveLength(SAMPLES);
    const largest = Math.max(...before.map(Math.abs));
    const error = Math.max(...before.map((value, index) => Math.abs(value - (after[index] ?? Number.NaN))));
    expect(largest).toBeGreaterThan(0);
    expect(error / largest).toBeLessThan(1e-5);
    const changed = readOnnxGraph(exported).initializers.get('1.weight')?.data;
    expect(changed, 'the weights must have been rescaled').not.toEqual(
      readOnnxGraph(readFileSync(ALEXA)).initializers.get('1.weight')?.data,
    );
  });

  test('the equalization scales are sqrt(weight range / input range)', async ({ studio }) => {
    const { layers, verification } = await studio.exportReport();
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
    expect(finite(verification.maxRelError)).toBeLessThan(1e-5);
  });

  test('the exported safetensors file opens again and gives the same graph', async ({ studio }) => {
    const exported = await studio.export('Weights (.safetensors)');
    await studio.openModel({
      name: 'equalized.safetensors',
      mimeType: 'application/octet-stream',
      buffer: exported,
    });
    await studio.expectStep('load', 'done');
    await studio.expectStep('prepare', 'todo');
    const again = await studio.export('Weights (.safetensors)');

    const [first, second] = [readSafetensors(exported), readSafetensors(again)];
    expect(JSON.parse(second.metadata.fx ?? '')).toEqual(JSON.parse(first.metadata.fx ?? ''));
    expect([...second.tensors.keys()].sort()).toEqual([...first.tensors.keys()].sort());
    for (const [name, tensor] of first.tensors) {
      expect(second.tensors.get(name)?.shape, name).toEqual(tensor.shape);
      expect(second.tensors.get(name)?.bytes.equals(tensor.bytes), name).toBe(true);
    }
    expect(await studio.fxText()).toContain('_equalization_scale0');
  });
});

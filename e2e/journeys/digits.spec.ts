import { readOnnxGraph } from '../files/onnxGraph';
import { finite, type Report } from '../files/report';
import { readSafetensors } from '../files/safetensors';
import { expect, test } from '../fixtures';

const LAYERS = ['linear1', 'linear2', 'linear3'];
/** public/samples/README.md: 531 of 540 images. */
const FLOAT_ACCURACY = 531 / 540;

function expectDigitsReport(report: Report): void {
  expect(report.model).toMatchObject({
    format: 'fx',
    parameters: 64 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10,
  });
  expect(report.backend.name).toBe('webgpu');
  expect(report.config).toMatchObject({ semantics: 'exact', qconfig: 'default', method: 'input-weight' });
  expect(report.steps.map(({ step }) => step)).toEqual([
    'load',
    'prepare',
    'calibrate',
    'equalize',
    'convert',
  ]);
  expect(report.calibration.samples).toBe(300);
  expect(finite(report.verification?.maxRelError)).toBeLessThan(1e-4);
  expect(finite(report.sqnr?.equalized)).toBeGreaterThan(finite(report.sqnr?.plain));
  expect(report.layers.map(({ name }) => name)).toEqual(LAYERS);
}

function expectColumns(report: Report): void {
  for (const [index, width] of [64, 128, 64].entries()) {
    const layer = report.layers[index];
    for (const values of [layer?.inputMin, layer?.inputMax, layer?.weightMin, layer?.weightMax, layer?.scale])
      expect(values, `columns of linear${index + 1}`).toHaveLength(width);
  }
  for (const observer of report.observers) {
    if (Array.isArray(observer.min) || Array.isArray(observer.max)) continue;
    expect(finite(observer.min), observer.name).toBeLessThanOrEqual(finite(observer.max));
  }
}

test('the digits sample goes through every step, and the page shows what came of it', async ({ studio }) => {
  await studio.open({ sample: 'digits' });
  await studio.expectStep('load', 'done');
  for (const step of ['prepare', 'calibrate', 'equalize', 'convert'] as const)
    await studio.expectStep(step, 'todo');

  await studio.run('Prepare');
  await expect(studio.node('x_activation_post_process_0', 'added').first()).toBeVisible();
  await studio.run('Calibrate');
  await studio.run('Equalize');
  for (const layer of LAYERS) await expect(studio.layer(layer)).toContainText(/fold|mul/);
  await expect(studio.node('linear1', 'changed').first()).toBeVisible();
  await studio.run('Convert');
  await expect(studio.status).not.toBeEmpty();
  await expect(studio.node('quantize_per_tensor', 'added').first()).toBeVisible();

  expect(await studio.accuracy('float')).toBeCloseTo(FLOAT_ACCURACY, 3);
  expect(await studio.accuracy('int8')).toBeGreaterThan(FLOAT_ACCURACY - 0.02);
  expect(await studio.accuracy('int8, equalized')).toBeGreaterThan(FLOAT_ACCURACY - 0.01);
  await expect(studio.alert).toHaveCount(0);
});

test('every export of the digits sample says what the page says', async ({ studio }) => {
  await studio.open({ sample: 'digits' });
  await studio.expectStep('load', 'done');
  await studio.run('Convert');

  const report = await studio.exportReport();
  expectDigitsReport(report);
  expectColumns(report);
  expect((await studio.export('Graph (.txt)')).toString('utf8').trimEnd()).toBe(await studio.fxText());

  const weights = readSafetensors(await studio.export('Weights (.safetensors)'));
  expect(weights.metadata).toMatchObject({ format: 'pt' });
  expect(weights.metadata.fx).not.toContain('activation_post_process');
  for (const layer of LAYERS) expect([...weights.tensors.keys()]).toContain(`${layer}.weight`);

  const onnx = readOnnxGraph(await studio.export('Model (.onnx)'));
  expect(onnx.nodes.filter(({ op }) => op === 'Relu')).toHaveLength(2);
  expect(onnx.nodes.filter(({ op }) => op === 'Gemm' || op === 'MatMul')).toHaveLength(3);
});

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LargeModelFiles, writeLargeModel } from '../bench/models/largeModel';
import { randomSource } from '../files/npy';
import { readOnnxGraph } from '../files/onnxGraph';
import { expect, test } from '../fixtures';
import { runOnnx } from './runOnnx';

/** 2 MB of weights: each Linear's is beyond the size from which tensors stay in their file. */
const SIZES = { blocks: 4, width: 256, rows: 16 };

let folder: string;
let files: LargeModelFiles;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'external-'));
  files = writeLargeModel(folder, SIZES);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nothing = 'application/octet-stream';
const model = () => ({ name: 'large.onnx', mimeType: nothing, buffer: readFileSync(files.model) });
const data = () => ({ name: 'large.onnx.data', mimeType: nothing, buffer: readFileSync(files.data) });

test('an ONNX model waits for its data file, is equalized layer by layer and exported as one file', async ({
  studio,
}) => {
  await studio.open({ backend: 'wasm' });
  await studio.openModel(model());
  await expect(studio.alert.first()).toContainText("'large.onnx.data' (at least");
  await studio.openModel(data());
  await studio.expectStep('load', 'done');
  await expect(studio.alert).toHaveCount(0);
  await studio.openCalibration(files.calibration);
  await studio.run('Equalize');
  const exported = await studio.export('Model (.onnx)');

  const { initializers } = readOnnxGraph(exported);
  expect(initializers.get('w0')?.data.length).toBe(SIZES.width ** 2);
  const shape = [4, SIZES.width];
  const next = randomSource(5);
  const x = Float32Array.from({ length: 4 * SIZES.width }, () => next() * 6 - 3);
  const external = [{ path: 'large.onnx.data', data: new Uint8Array(data().buffer) }];
  const before = await runOnnx(model().buffer, x, shape, external);
  const after = await runOnnx(exported, x, shape);
  const largest = Math.max(...before.map(Math.abs));
  const error = before.map((value, i) => Math.abs(value - (after[i] ?? Number.NaN)) / largest);
  expect(Math.max(...error)).toBeLessThan(1e-4);
});

test('a model and its data file are chosen together', async ({ studio }) => {
  await studio.open({ backend: 'wasm' });
  await studio.page.getByTestId('model-files').setInputFiles([files.data, files.model]);
  await studio.expectStep('load', 'done');
  await expect(studio.alert).toHaveCount(0);
});

import { copyFile, mkdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { writeLargeModel } from '../bench/models/largeModel';
import { npyFile } from '../files/npy';
import { expect, test } from '../fixtures';
import { ALEXA, alexaSamples, FEATURES, FRAMES } from './alexa';

/* A file on the user's disk changes, or goes, after the page was given it: the browser refuses to read it from then on. */

const FEW = 16;
/** 84 MB of weights, of which 64 MiB are kept once they are read. */
const BEYOND_CACHE = { blocks: 10, width: 1024, rows: 8 };

test('a model and a data file that go after they were opened: what was read of them is enough for every step', async ({
  studio,
}, info) => {
  const [model, data] = [info.outputPath('net.onnx'), info.outputPath('rows.npy')];
  await copyFile(ALEXA, model);
  await writeFile(data, npyFile([FEW, FRAMES, FEATURES], alexaSamples(FEW, 1)));
  await studio.open({ backend: 'wasm' });
  await studio.openModel(model);
  await studio.expectStep('load', 'done');
  await studio.openCalibration(data);
  await expect(studio.page.getByText('rows.npy').first()).toBeVisible();

  await truncate(model, 100);
  await rm(data);
  await studio.run('Convert');
  await studio.saved();
  await expect(studio.alert).toHaveCount(0);
  expect((await studio.exportReport()).calibration.samples).toBe(FEW);
});

test('a file of weights that is cut short before they are read or copied: the step says which and what to do, and runs with the file given again', async ({
  studio,
  page,
}, info) => {
  const folder = info.outputPath('weights');
  await mkdir(folder, { recursive: true });
  const files = writeLargeModel(folder, BEYOND_CACHE);
  await studio.open({ backend: 'wasm' });
  // No room for a copy.
  const { origin } = new URL(page.url());
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 10_000 });
  await studio.page.getByTestId('model-files').setInputFiles([files.data, files.model]);
  await studio.expectStep('load', 'done');
  await studio.openCalibration(files.calibration);
  await studio.run('Prepare');

  await copyFile(files.data, info.outputPath('kept.data'));
  await truncate(files.data, 4096);
  await studio.page.getByRole('button', { name: 'Calibrate', exact: true }).click();
  const refused = studio.alert.filter({ hasText: 'large.onnx.data' });
  await expect(refused.first()).toContainText('choose it again');
  await studio.expectStep('prepare', 'done');

  await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  await copyFile(info.outputPath('kept.data'), files.data);
  const chooseAgain = () => page.getByTestId('model-files').setInputFiles([files.data, files.model]);
  await chooseAgain();
  // What was done could not be kept without the file: it is let go at the second time.
  await expect(studio.alert.filter({ hasText: 'do this once more' })).toBeVisible();
  await chooseAgain();
  await studio.expectStep('load', 'done');
  await studio.openCalibration(files.calibration);
  await studio.run('Equalize');
  await expect(studio.alert).toHaveCount(0);
});

test('a file of weights that goes after the project has its copy: steps and exports read the copy', async ({
  studio,
}, info) => {
  const folder = info.outputPath('weights');
  await mkdir(folder, { recursive: true });
  const files = writeLargeModel(folder, BEYOND_CACHE);
  await studio.open({ backend: 'wasm' });
  await studio.page.getByTestId('model-files').setInputFiles([files.data, files.model]);
  await studio.expectStep('load', 'done');
  await studio.openCalibration(files.calibration);
  await studio.run('Prepare');
  await studio.saved();

  await truncate(files.data, 4096);
  await rm(files.model);
  await rm(files.calibration);
  await studio.run('Convert');
  await studio.saved();
  await expect(studio.alert).toHaveCount(0);
  expect((await studio.export('Weights (.safetensors)')).length).toBeGreaterThan(8e7);
});

test('a project whose file of weights went before it was copied: saved as a file, it says which and what to do', async ({
  studio,
  page,
}, info) => {
  const folder = info.outputPath('weights');
  await mkdir(folder, { recursive: true });
  const files = writeLargeModel(folder, { ...BEYOND_CACHE, blocks: 3 });
  // Browsers know a changed file by the second in which it was written: that must be another one.
  await utimes(files.data, 1e9, 1e9);
  await studio.open({ backend: 'wasm' });
  await studio.page.getByTestId('model-files').setInputFiles([files.data, files.model]);
  await studio.expectStep('load', 'done');
  await truncate(files.data, 4096);
  await page.getByRole('button', { name: /^Project/ }).click();
  await page.getByRole('menuitem', { name: 'Save project as file' }).click();
  await expect(studio.alert.first()).toContainText(
    'large.onnx.data was changed, moved or deleted on the disk',
  );
  await expect(studio.alert.first()).toContainText('Open it again');
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { redAndBlueModel } from '../files/imageModel';
import { pngOf } from '../files/png';
import { expect, test } from '../fixtures';

const MODEL = {
  name: 'redblue.safetensors',
  mimeType: 'application/octet-stream',
  buffer: redAndBlueModel(),
};

/** `photos/blue` and `photos/red`, three images each of another size, one broken file and one that is no image. */
function photos(folder: string): string {
  const root = join(folder, 'photos');
  for (const [name, colour] of [
    ['red', [200, 10, 0]],
    ['blue', [0, 10, 200]],
  ] as const) {
    mkdirSync(join(root, name), { recursive: true });
    for (const size of [4, 6, 12])
      writeFileSync(
        join(root, name, `${size}.png`),
        pngOf(size, size + 2, () => colour),
      );
  }
  writeFileSync(join(root, 'red', 'broken.png'), 'no image');
  writeFileSync(join(root, 'read me.txt'), 'Taken on holiday.');
  return root;
}

test('a folder of images calibrates and evaluates a model, with settings that can be changed', async ({
  studio,
}, info) => {
  await studio.open();
  await studio.openModel(MODEL);
  await studio.expectStep('load', 'done');
  const folder = photos(info.outputPath());
  await studio.page.getByTestId('calibration-folder').setInputFiles(folder);
  // A model of a PyTorch file leaves the size open: the one that is tried first does not fit its Linear.
  await expect(studio.alert.first()).toContainText('takes 48 features');

  await studio.page.getByRole('button', { name: 'Images…' }).click();
  const form = studio.page.getByRole('dialog', { name: 'Images' });
  await form.getByRole('textbox', { name: 'Width' }).fill('4');
  await form.getByRole('textbox', { name: 'Height' }).fill('4');
  await form.getByRole('button', { name: 'Apply' }).click();
  await expect(form.getByRole('listitem')).toHaveCount(6);
  await expect(form).toContainText('0.784');
  await expect(form).toContainText('red');
  await form.getByRole('radio', { name: '0…255' }).check();
  await form.getByRole('button', { name: 'Apply' }).click();
  await expect(form.getByRole('listitem').first()).toContainText('200');
  await info.attach('images', { body: await studio.page.screenshot(), contentType: 'image/png' });
  await studio.page.keyboard.press('Escape');
  await expect(studio.page.getByRole('region', { name: 'Files' })).toContainText('broken.png');

  await studio.page.getByTestId('evaluation-folder').setInputFiles(folder);
  await studio.run('Convert');
  const report = JSON.parse((await studio.export('Report (.json)')).toString('utf8'));
  expect(report.calibration).toMatchObject({
    samples: 6,
    generated: false,
    images: { width: 4, classes: ['blue', 'red'] },
  });
  // Class 0 is blue, the folder that is first by name; the model's output 0 is red: none is right.
  expect(await studio.accuracy('float')).toBe(0);
});

test('samples made up at one click are marked on the page and in the report', async ({ studio }) => {
  await studio.open();
  await studio.openModel(MODEL);
  await studio.expectStep('load', 'done');
  await studio.page.getByRole('button', { name: 'Generate…' }).click();
  const form = studio.page.getByRole('dialog', { name: 'Generate…' });
  await form.getByRole('textbox', { name: 'Size of x, axis 2' }).fill('4');
  await form.getByRole('textbox', { name: 'Size of x, axis 3' }).fill('4');
  await form.getByRole('textbox', { name: 'Seed' }).fill('7');
  await form.getByRole('button', { name: 'Generate samples' }).click();
  await studio.run('Calibrate');
  await expect(studio.step('calibrate')).toContainText('generated data');
  const report = JSON.parse((await studio.export('Report (.json)')).toString('utf8'));
  expect(report.calibration).toMatchObject({ generated: true, generator: { seed: 7 }, samples: 32 });
  await studio.run('Convert');
  const verdict = studio.page.getByRole('region', { name: 'Result of Convert' });
  await expect(verdict.getByText('on generated samples')).toBeVisible();
  const results = await studio.panel('Results');
  await expect(results.getByRole('table', { name: 'This run on generated samples' })).toBeVisible();
});

import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { expect, test } from '../fixtures';
import type { StudioPage } from '../pages/studioPage';
import { violationsInBoth } from '../violations';
import { ALEXA, alexaData, alexaSamples } from './alexa';

/** Enough to be caught in the middle: the model takes one sample at a time. */
const MANY = 7000;
/** The steps behind run the model several times. */
const SOME = 3000;

const interrupted = (page: Page) => page.getByRole('region', { name: 'Interrupted' });

async function openLinear2(studio: StudioPage): Promise<void> {
  await studio.open({ sample: 'linear2', backend: 'cpu' });
  await studio.expectStep('load', 'done');
  await studio.settled();
}

/** The model of the gallery's wake word, in the middle of its calibration: on the slowest backend, WASM needs less than a second. */
async function calibrating(studio: StudioPage): Promise<void> {
  await studio.open({ backend: 'cpu' });
  await studio.openModel(ALEXA);
  await studio.expectStep('load', 'done');
  await studio.openCalibration(alexaData('many.npy', MANY, alexaSamples(MANY, 1)));
  await expect(studio.page.getByText('many.npy').first()).toBeVisible();
  await studio.button('Prepare').click();
  await studio.expectStep('prepare', 'done');
  await studio.saved();
  await studio.button('Calibrate').click();
  await studio.running('calibrate');
  await expect(studio.page.getByText(/Calibrate · batch [1-9]/).first()).toBeVisible();
}

async function expectAsBefore(studio: StudioPage): Promise<void> {
  await studio.expectStep('prepare', 'done');
  await studio.expectStep('calibrate', 'todo');
  await expect(studio.page.getByText('many.npy').first()).toBeVisible();
  await expect(interrupted(studio.page)).toContainText('Calibrate was interrupted');
  await studio.page.getByRole('button', { name: 'Run Calibrate again' }).click();
  await studio.expectStep('calibrate', 'done');
  await expect(interrupted(studio.page)).toHaveCount(0);
}

test('settings and steps are taken back and brought back by keys', async ({ studio, page }) => {
  await openLinear2(studio);
  await studio.run('Convert');
  await studio.method.selectOption('smoothquant');
  await studio.expectStep('equalize', 'todo');
  await page.locator('#graph').focus();

  await page.keyboard.press('Control+z');
  await expect(studio.status).toHaveText('Undone: Method: smoothquant');
  await studio.expectStep('convert', 'done');
  await expect(studio.method).toHaveValue('input-weight');
  await page.keyboard.press('Control+z');
  await expect(studio.status).toHaveText('Undone: Convert');
  await studio.expectStep('convert', 'todo');
  await studio.expectStep('equalize', 'done');
  await page.keyboard.press('Control+Shift+z');
  await studio.expectStep('convert', 'done');
  await page.keyboard.press('Control+y');
  await expect(studio.method).toHaveValue('smoothquant');
  await studio.expectStep('equalize', 'todo');
  await expect(page.getByRole('button', { name: 'Redo', exact: true })).toBeDisabled();
});

const ROW_OF = {
  Prepare: 'prepare',
  Calibrate: 'calibrate',
  Equalize: 'equalize',
  Convert: 'convert',
} as const;

test('a reload after each step comes back to it without computing anything', async ({ studio, page }) => {
  await openLinear2(studio);
  const speed = page.getByRole('combobox', { name: 'Speed' });
  for (const name of ['Prepare', 'Calibrate', 'Equalize', 'Convert'] as const) {
    await studio.run(name);
    await studio.settled();
    const row = studio.step(ROW_OF[name]);
    const text = await row.textContent();
    await studio.panel('FX text');
    const before = await studio.fxText();
    await studio.saved();
    await page.reload();
    await expect(row).toHaveAttribute('data-state', 'done');
    expect(await row.textContent()).toBe(text);
    await expect(page.getByRole('tab', { name: 'FX text' })).toHaveAttribute('aria-selected', 'true');
    expect(await studio.fxText()).toBe(before);
    await expect(speed).toHaveValue(name === 'Prepare' ? '1' : '4');
    await speed.selectOption('4');
  }
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await studio.expectStep('convert', 'todo');
});

test('a reload in the middle of calibration loses nothing', async ({ studio, page }) => {
  await calibrating(studio);
  await page.reload();
  await expectAsBefore(studio);
});

test('a reload in the middle of Equalize and of Convert comes back before it', async ({ studio, page }) => {
  await studio.open({ backend: 'wasm' });
  await studio.openModel(ALEXA);
  await studio.expectStep('load', 'done');
  await studio.openCalibration(alexaData('some.npy', SOME, alexaSamples(SOME, 1)));
  await studio.run('Calibrate');
  for (const [name, previous] of [
    ['Equalize', 'calibrate'],
    ['Convert', 'equalize'],
  ] as const) {
    await studio.saved();
    await studio.button(name).click();
    await studio.running(ROW_OF[name]);
    await page.reload();
    await studio.expectStep(previous, 'done');
    await studio.expectStep(ROW_OF[name], 'todo');
    await expect(interrupted(page)).toContainText(`${name} was interrupted`);
    await page.getByRole('button', { name: `Run ${name} again` }).click();
    await studio.expectStep(ROW_OF[name], 'done');
    await studio.settled();
  }
});

test('a worker that ends in the middle of calibration is started again with the work', async ({
  studio,
  page,
}) => {
  await calibrating(studio);
  const engine = page.workers().find((worker) => worker.url().includes('worker'));
  const workers = page.workers();
  expect(engine, workers.map((worker) => worker.url()).join(' ')).toBeDefined();
  // The browser's debugger ends it, as running out of memory would: nobody in the page hears of it.
  for (const worker of workers)
    await worker
      .evaluate(() => {
        if (self.name.startsWith('engine')) self.close();
      })
      .catch(() => undefined);
  await expect(studio.status).toContainText('was started again');
  await expectAsBefore(studio);
});

test('projects are listed, renamed, duplicated and deleted, and open as they were left', async ({
  studio,
  page,
}) => {
  await openLinear2(studio);
  await studio.run('Prepare');
  await studio.saved();
  await page.keyboard.press('Control+o');
  const dialog = page.getByRole('dialog', { name: 'Projects' });
  await dialog.getByRole('button', { name: 'Rename linear2' }).click();
  await dialog.getByRole('textbox').fill('Two layers');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Duplicate Two layers' }).click();
  await expect(dialog.locator('[data-project="Two layers (copy)"]')).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();

  await page.getByRole('button', { name: /^Project/ }).click();
  await page.getByRole('menuitem', { name: 'New project' }).click();
  await expect(page.getByRole('button', { name: 'Continue Two layers', exact: true })).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);
  await page.getByRole('button', { name: 'Continue Two layers', exact: true }).click();
  await studio.expectStep('prepare', 'done');
  await studio.expectStep('calibrate', 'todo');

  await page.keyboard.press('Control+o');
  await dialog.getByRole('button', { name: 'Delete Two layers (copy)…' }).click();
  await dialog.getByRole('button', { name: 'Delete Two layers (copy) for good' }).click();
  await expect(dialog.locator('[data-project]')).toHaveCount(1);
});

test('a project goes into a file and comes back from it', async ({ studio, page }) => {
  await openLinear2(studio);
  await studio.run('Convert');
  const before = await studio.fxText();
  await page.getByRole('button', { name: /^Project/ }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save project as file' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('linear2.eqstudio');
  const buffer = await readFile(await download.path());

  const file = { name: 'linear2.eqstudio', mimeType: 'application/zip', buffer };
  await studio.openModel({ ...file, buffer: buffer.subarray(0, buffer.length / 2) });
  await expect(studio.alert).toContainText('cut short');
  await studio.openModel(file);
  await expect(studio.status).toContainText('Project linear2 2: as it was left');
  await studio.expectStep('convert', 'done');
  expect(await studio.fxText()).toBe(before);
});

/** The same file with records of a version that nobody reads. */
function ofAnotherVersion(file: Buffer): Buffer {
  const members = Object.entries(unzipSync(new Uint8Array(file))).map(([name, bytes]) =>
    /^s\d+\.json$/.test(name)
      ? ([name, strToU8(strFromU8(bytes).replace('"version":1', '"version":99'))] as const)
      : ([name, bytes] as const),
  );
  return Buffer.from(zipSync(Object.fromEntries(members), { level: 0 }));
}

/** What is kept, as the dialog lists it. */
async function listed(page: Page): Promise<readonly string[]> {
  await page.keyboard.press('Control+o');
  const dialog = page.getByRole('dialog', { name: 'Projects' });
  await expect(dialog.locator('[data-project]').first()).toBeVisible();
  const rows = await dialog.locator('[data-project]').allTextContents();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  return rows;
}

test('a project file that cannot be read leaves the open project, and where it is saved', async ({
  studio,
  page,
}) => {
  await openLinear2(studio);
  await studio.run('Prepare');
  await page.getByRole('button', { name: /^Project/ }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save project as file' }).click();
  const buffer = ofAnotherVersion(await readFile(await (await downloading).path()));
  await page.reload();
  await studio.expectStep('prepare', 'done');

  await studio.openModel({ name: 'later.eqstudio', mimeType: 'application/zip', buffer });
  await expect(studio.alert).toContainText('version 99');
  await studio.run('Calibrate');
  await expect.poll(() => listed(page)).toEqual([expect.stringMatching(/^linear2open.*Calibrate/)]);
  await page.reload();
  await studio.expectStep('calibrate', 'done');
});

test('a link carries the settings, and says what of it cannot be read', async ({ studio, page }) => {
  const link = (settings: unknown) => Buffer.from(JSON.stringify(settings)).toString('base64url');
  await studio.open({
    sample: 'linear2',
    backend: 'cpu',
    settings: link({ method: 'smoothquant', alpha: 0.75, qconfig: 'fbgemm' }),
  });
  await expect(studio.method).toHaveValue('smoothquant');
  await expect(studio.status).toContainText('Settings of the link taken over');
  expect(new URL(page.url()).searchParams.has('settings')).toBe(false);

  await studio.open({ sample: 'linear2', backend: 'cpu', settings: link({ method: 'magic' }) });
  await expect(studio.alert).toContainText('method');
  await expect(studio.method).toHaveValue('input-weight');
});

import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import type { StudioPage } from '../pages/studioPage';
import { ALEXA, alexaData, alexaSamples } from './alexa';
import { openLinear2 } from './linear2';

/** Enough to be caught in the middle: the model takes one sample at a time. */
const MANY = 7000;
/** The steps behind run the model several times. On the slowest backend too: on WASM they end before a reload is there. */
const SOME = 3000;

const interrupted = (page: Page) => page.getByRole('region', { name: 'Interrupted' });

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
  await studio.open({ backend: 'cpu' });
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

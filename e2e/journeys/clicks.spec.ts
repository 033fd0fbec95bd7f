import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { chainModel, chainPaths } from '../files/chainModel';
import { readSafetensors } from '../files/safetensors';
import { expect, test } from '../fixtures';

/** Clicks and counts them; a file dialog or a drop is none of the page's clicks, what opens the dialog is. */
class Clicks {
  count = 0;
  constructor(private readonly page: Page) {}

  async on(target: Locator): Promise<void> {
    this.count++;
    await target.click();
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Exports the weights of the shown step and gives their metadata. */
  async exportWeights(): Promise<string> {
    await this.on(this.button('Export'));
    const downloading = this.page.waitForEvent('download');
    await this.on(this.page.getByRole('menuitem', { name: 'Weights (.safetensors)', exact: true }));
    return readSafetensors(await readFile(await (await downloading).path())).metadata.fx ?? '';
  }
}

test('an equalized sample is exported with four clicks', async ({ page, studio }) => {
  const clicks = new Clicks(page);
  await studio.open({ backend: 'wasm' });
  await clicks.on(page.getByRole('button', { name: 'Handwritten digits' }));
  await studio.expectStep('load', 'done');
  await clicks.on(clicks.button('Convert'));
  await studio.expectStep('convert', 'done');
  await studio.settled();
  expect(await clicks.exportWeights()).toContain('linear1');
  expect(clicks.count).toBeLessThanOrEqual(4);
});

test('a model and data of one’s own, chosen together, are exported with at most five clicks', async ({
  page,
  studio,
}) => {
  const clicks = new Clicks(page);
  await studio.open({ backend: 'wasm' });
  await expect(page.getByRole('button', { name: 'Two linear layers' })).toBeVisible();
  const choosing = page.waitForEvent('filechooser');
  await clicks.on(clicks.button('Open model…'));
  await (await choosing).setFiles([
    'public/samples/linear2/model.safetensors',
    'public/samples/linear2/calibration.npy',
  ]);
  await studio.expectStep('load', 'done');
  await studio.settled();
  await clicks.on(clicks.button('Convert'));
  await studio.expectStep('convert', 'done');
  await studio.settled();
  expect(await clicks.exportWeights()).toContain('linear1');
  expect(clicks.count).toBeLessThanOrEqual(5);
});

test('at 200 % zoom everything is in reach without scrolling sideways', async ({ page, studio }) => {
  await page.setViewportSize({ width: 640, height: 400 });
  await studio.open({ backend: 'wasm' });
  const expectNoSideways = async (screen: string) =>
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      screen,
    ).toBeLessThanOrEqual(0);
  await expect(page.getByRole('button', { name: 'Handwritten digits' })).toBeVisible();
  await expectNoSideways('the first page');
  await page.getByRole('button', { name: 'Two linear layers' }).click();
  await studio.run('Convert');
  await expectNoSideways('after Convert');
  for (const name of ['Settings', 'Command palette', 'Help', 'Export', 'Outline']) {
    await page.getByRole('button', { name, exact: true }).click();
    await expectNoSideways(name);
    await page.keyboard.press('Escape');
  }
  await studio.node('linear1').first().click();
  await expect(page.getByRole('heading', { name: 'linear1', exact: true })).toBeVisible();
  await expectNoSideways('the inspector');
});

/** How far the header's controls, or the page, reach out of the window. */
const headerOverhang = (page: Page) =>
  page.evaluate(() => {
    const controls = [...document.querySelectorAll('.header > *')];
    const right = Math.max(...controls.map((control) => control.getBoundingClientRect().right));
    return Math.max(right, document.documentElement.scrollWidth) - window.innerWidth;
  });

test('the header has room for every control, however long the model’s name', async ({ page, studio }) => {
  await studio.open({ backend: 'wasm' });
  await studio.openModel({
    name: 'text_recognition_of_the_second_generation.safetensors',
    mimeType: '',
    buffer: chainModel(chainPaths(3)),
  });
  await studio.expectStep('load', 'done');
  // Both sides of every width at which the header is laid out otherwise.
  const widths = [2000, 1600, 1599, 1440, 1280, 1279, 1180, 1179, 1100, 1099, 900, 760, 759, 700];
  for (const method of ['input-weight', 'smoothquant', 'cross-layer']) {
    await page.setViewportSize({ width: 2000, height: 800 });
    await studio.method.selectOption(method);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      await expect
        .poll(() => headerOverhang(page), { message: `${method} at ${width}` })
        .toBeLessThanOrEqual(0);
    }
  }
});

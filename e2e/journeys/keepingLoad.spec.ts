import type { Page } from '@playwright/test';
import { bigModel } from '../files/bigModel';
import { expect, test } from '../fixtures';
import type { StudioPage, TestFile } from '../pages/studioPage';

/** Enough to be caught in the middle of Load and of Prepare. */
const NODES = 8000;

const big = (): TestFile => ({
  name: 'big.onnx',
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(bigModel({ nodes: NODES, flow: 'residual', named: true })),
});

const opening = (page: Page) => page.getByRole('region', { name: 'Opening interrupted' });

/** Thousands of nodes take their time on a slow machine. */
const loaded = (studio: StudioPage) =>
  expect(studio.step('load')).toHaveAttribute('data-state', 'done', { timeout: 90_000 });

/** Whether the browser has copied all that is on its way. */
const isCopied = (page: Page) =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const arrivals = await root.getDirectoryHandle('arrivals', { create: true });
    let lists = 0;
    for await (const folder of arrivals.values())
      if (folder instanceof FileSystemDirectoryHandle)
        for await (const name of folder.keys()) lists += name === 'arrival.json' ? 1 : 0;
    return lists > 0;
  });

test('a reload in the middle of Load offers the file again, without it being chosen', async ({
  studio,
  page,
}) => {
  await studio.open({ backend: 'cpu' });
  await studio.openModel(big());
  await expect.poll(() => isCopied(page)).toBe(true);
  await studio.running('load');
  await page.reload();
  await expect(opening(page)).toContainText('big.onnx was being opened when the page went');
  await page.getByRole('button', { name: 'Open big.onnx again' }).click();
  await loaded(studio);
  await studio.saved();
  await page.reload();
  await loaded(studio);
  await expect(opening(page)).toHaveCount(0);
});

test('a file that the browser has no room to keep is named after a reload, to be chosen again', async ({
  studio,
  page,
}) => {
  await studio.open({ backend: 'cpu' });
  const cdp = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
  await studio.openModel(big());
  await studio.running('load');
  await page.reload();
  await expect(opening(page)).toContainText('choose it again');
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose big.onnx…' }).click();
  await (await choosing).setFiles([
    {
      name: 'small.onnx',
      mimeType: '',
      buffer: Buffer.from(bigModel({ nodes: 50, flow: 'chain', named: true })),
    },
  ]);
  await loaded(studio);
});

test('a reload in the middle of Prepare comes back before it', async ({ studio, page }) => {
  await studio.open({ backend: 'cpu' });
  await studio.openModel(big());
  await loaded(studio);
  await studio.saved();
  await studio.button('Prepare').click();
  await studio.running('prepare');
  await page.reload();
  await loaded(studio);
  await studio.expectStep('prepare', 'todo');
  const interrupted = page.getByRole('region', { name: 'Interrupted', exact: true });
  await expect(interrupted).toContainText('Prepare was interrupted');
  await page.getByRole('button', { name: 'Run Prepare again' }).click();
  await studio.expectStep('prepare', 'done');
});

import type { Page } from '@playwright/test';
import { bigModel } from '../files/bigModel';
import { expect, test } from '../fixtures';
import { GraphViewPage } from '../pages/graphView';

/** From the next reload on, notes what stands where the graph will be. */
async function noteFirstPage(page: Page) {
  await page.addInitScript(() => {
    const seen = new Set<string>();
    Object.assign(window, { seen });
    new MutationObserver(() => {
      if (document.querySelector('#gallery') !== null) seen.add('the first page');
      const text = document.querySelector('.coming-back')?.textContent;
      if (text) seen.add(text);
    }).observe(document, { subtree: true, childList: true });
  });
  return () => page.evaluate(() => [...Reflect.get(window, 'seen')]);
}

test('a reload comes back to the same change, path, groups and filter', async ({ studio, page }) => {
  const graph = new GraphViewPage(page);
  await studio.open({ backend: 'cpu' });
  const buffer = Buffer.from(bigModel({ nodes: 200, flow: 'residual', named: true }));
  await studio.openModel({ name: 'big.onnx', mimeType: 'application/octet-stream', buffer });
  await studio.expectStep('load', 'done');
  await studio.run('Prepare');
  await graph.button('Close all groups').click();
  await expect(graph.group('stages')).toBeVisible();
  const link = page.getByRole('tabpanel', { name: 'Layers' }).locator('[data-layer]').first();
  await link.getByRole('link').click();
  await page.getByRole('button', { name: 'Path: to inputs' }).click();
  const filter = page.getByRole('searchbox', { name: 'Filter layers' });
  await filter.fill('blocks.3 fc1');
  const playback = page.getByRole('region', { name: 'Playback' });
  await playback.getByRole('button', { name: 'Previous change', exact: true }).click();
  await playback.getByRole('button', { name: 'Previous change', exact: true }).click();
  const position = playback.locator('.transport-position');
  await expect(position).toHaveText(/^change \d+ of \d+$/);
  const [at, sentence, path, open, rows] = await Promise.all([
    position.textContent(),
    playback.locator('.explanation-what').textContent(),
    graph.pathBar.textContent(),
    page.locator('[data-group][aria-expanded=true]').count(),
    page.locator('[data-layer]').count(),
  ]);
  expect(open).toBeGreaterThan(0);

  const firstPage = await noteFirstPage(page);
  await page.reload();
  await studio.expectStep('prepare', 'done');
  expect(await firstPage()).toEqual(['Opening big…']);
  await expect(position).toHaveText(at ?? '');
  await expect(playback.locator('.explanation-what')).toHaveText(sentence ?? '');
  await expect(graph.pathBar).toHaveText(path ?? '');
  await expect(page.locator('[data-group][aria-expanded=true]')).toHaveCount(open);
  await expect(filter).toHaveValue('blocks.3 fc1');
  await expect(page.locator('[data-layer]')).toHaveCount(rows);
});

test('after a reload the selected node is in sight', async ({ studio, page }) => {
  const graph = new GraphViewPage(page);
  await studio.open({ backend: 'cpu' });
  const buffer = Buffer.from(bigModel({ nodes: 200, flow: 'residual', named: true }));
  await studio.openModel({ name: 'big.onnx', mimeType: 'application/octet-stream', buffer });
  await studio.expectStep('load', 'done');
  const node = studio.node('stages_3_blocks_5_fc1');
  await studio.layer('stages_3_blocks_5_fc1').getByRole('link').click();
  await graph.expectInPane(node);
  await studio.saved();
  await page.reload();
  await expect(node).toHaveAttribute('aria-pressed', 'true');
  await graph.expectInPane(node);
});

test('two runs that are compared are compared again after a reload', async ({ studio, page }) => {
  await studio.open({ sample: 'linear2', backend: 'cpu' });
  await studio.run('Convert');
  await studio.chooseSemantics('PyTorch');
  await studio.expectStep('convert', 'todo');
  await studio.run('Convert');
  await studio.panel('Results');
  await page.getByRole('button', { name: 'Compare run 1 with run 2 in the graph' }).click();
  const left = page.getByRole('combobox', { name: 'Left graph' });
  await expect(left).toHaveValue('1 convert');
  await studio.saved();
  await page.reload();
  await expect(left).toHaveValue('1 convert');
  await expect(page.getByRole('combobox', { name: 'Right graph' })).toHaveValue('2 convert');
});

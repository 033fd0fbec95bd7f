import type { Page } from '@playwright/test';
import { ocrFile } from '../bench/models/ocr';
import { expect, test } from '../fixtures';

/* What the page shows of a graph before the part of it that draws graphs is there. */

/** The Workbench's script waits until it is let go. */
async function holdWorkbench(page: Page): Promise<() => void> {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route('**/Workbench-*.js', async (route) => {
    await held;
    await route.continue();
  });
  return letGo;
}

/** Upper lines of the nodes with their places on the screen, as far as they are in sight. */
const places = (page: Page, room: string) =>
  page.locator(room).evaluate((element) => {
    const { bottom, right } = element.getBoundingClientRect();
    return [...element.querySelectorAll('.flow-node')].flatMap((node) => {
      const { x, y, width, height } = node.getBoundingClientRect();
      if (y > bottom || x > right) return [];
      return [
        [
          node.querySelector('.flow-name')?.textContent,
          ...[x, y, width, height].map((value) => Math.round(value)),
        ].join(' '),
      ];
    });
  });

test('the graph is seen before it answers, where it will stand', async ({ studio, page }) => {
  const letGo = await holdWorkbench(page);
  await studio.open({ backend: 'wasm' });
  await studio.openModel(ocrFile());
  const picture = page.locator('.first-picture');
  await expect(picture.locator('.flow-node').first()).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('.flow-pane')).toHaveCount(0);
  const seen = await places(page, '.first-room');
  expect(seen.length).toBeGreaterThan(5);
  await picture.locator('.flow-node').filter({ hasText: 'p2o_Conv_1' }).first().click();
  letGo();
  await expect(page.locator('.flow-pane [data-node]').first()).toBeVisible();
  await expect(picture).toHaveCount(0);
  expect(new Set(await places(page, '.flow-pane'))).toEqual(new Set(seen));
  await expect(page.locator('[data-node="p2o_Conv_1"]')).toHaveAttribute('aria-pressed', 'true');
});

test('another model over an open one: no picture, and the graph before answers no more', async ({
  studio,
  page,
}) => {
  await studio.open({ backend: 'wasm' });
  await page.getByRole('button', { name: 'Digits' }).first().click();
  await studio.expectStep('load', 'done');
  await expect(page.locator('.flow-pane [data-node]').first()).toBeVisible();
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(window, { seen });
    const options = { subtree: true, childList: true, attributes: true, attributeFilter: ['inert'] };
    new MutationObserver(() => {
      for (const what of ['.first-picture', '.flow-pane[inert] [data-node]'])
        if (document.querySelector(what)) seen.add(what);
    }).observe(document.body, options);
  });
  await studio.openModel(ocrFile());
  await expect(page.locator('.flow-pane [data-node="p2o_Conv_0"]')).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('.flow-pane[inert]')).toHaveCount(0);
  const seen = await page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen]);
  expect(seen).toEqual(['.flow-pane[inert] [data-node]']);
});

test.describe('a script that does not come', () => {
  test.use({ allowedProblems: [/Failed to load resource/] });

  test('the page says that it cannot show models, and works after a reload', async ({ studio, page }) => {
    await page.route('**/Workbench-*.js', (route) => route.abort());
    await studio.open({ backend: 'wasm', sample: 'digits' });
    const said = page.getByRole('alert').filter({ hasText: 'could not be loaded' });
    await expect(said).toBeVisible({ timeout: 20_000 });
    await expect(page.locator('.first-picture')).toHaveCount(0);
    await page.unroute('**/Workbench-*.js');
    await said.getByRole('button', { name: 'Reload the page' }).click();
    await expect(page.locator('.flow-pane [data-node]').first()).toBeVisible({ timeout: 20_000 });
  });
});

import { expect, test } from '../fixtures';
import { HelpPanels } from '../pages/helpPanels';
import { coveredByHint } from '../pages/hints';

test('the empty page says what it is for, and how a model comes out of PyTorch', async ({
  page,
  studio,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await studio.open({ backend: 'wasm' });
  await expect(page.locator('.card')).toHaveCount(3);
  for (const card of await page.locator('.card p').all())
    expect((await card.textContent())?.length).toBeGreaterThan(30);
  await page.getByRole('button', { name: 'Copy the lines for fx_export.py' }).click();
  await expect(page.getByRole('button', { name: 'Copy the lines for fx_export.py' })).toHaveText('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    "import fx_export\nfx_export.export(model.eval(), 'model.safetensors')",
  );
  const downloading = page.waitForEvent('download');
  await page.locator('.gallery').getByRole('link', { name: 'PyTorch exporter (fx_export.py)' }).click();
  expect((await downloading).suggestedFilename()).toBe('fx_export.py');
});

test('terms explain themselves on hover and on focus, and the glossary has PyTorch’s names', async ({
  page,
  studio,
}) => {
  const help = new HelpPanels(page);
  await studio.open({ backend: 'wasm' });
  const term = page.locator('.step .term', { hasText: 'observers' });
  await term.focus();
  await expect(page.getByRole('tooltip')).toContainText('MinMaxObserver');
  await page.getByRole('button', { name: 'Help' }).click();
  await page.getByRole('menuitem', { name: 'Glossary' }).click();
  await expect(help.glossary).toBeVisible();
  await help.glossary.getByRole('textbox').fill('zero_point');
  await expect(help.glossary.locator('[data-term="zero-point"]')).toBeVisible();
  await expect(help.glossary.locator('[data-term="fold"]')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(help.glossary).toHaveCount(0);
});

test('hints about the graph and the steps lie over no other control', async ({ page, studio }) => {
  await studio.open({ sample: 'digits', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  await studio.run('Convert');
  const graph = page.getByRole('main');
  const words = ['Single', 'Before/after', 'Lowered'];
  const signs = ['Paint by SQNR gain', 'Zoom in', 'Search', 'First change', 'Play'];
  const controls = [
    ...words.map((text) => graph.locator('label', { hasText: text })),
    ...signs.map((name) => graph.getByRole('button', { name, exact: true })),
    ...(['Prepare', 'Equalize'] as const).map((name) => studio.button(name)),
    page.getByRole('button', { name: 'Calibration data…', exact: true }),
    page.locator('.header label', { hasText: 'PyTorch' }),
  ];
  for (const control of controls) expect(await coveredByHint(page, control), `${control}`).toEqual([]);
});

test('the tour begins when asked, follows the work, covers nothing and never comes by itself', async ({
  page,
  studio,
}) => {
  const { tour } = new HelpPanels(page);
  await studio.open({ backend: 'wasm' });
  await expect(page.getByRole('button', { name: 'Two linear layers' })).toBeVisible();
  await expect(tour).toHaveCount(0);
  await page.getByRole('button', { name: 'Take the tour' }).click();
  await expect(tour).toContainText('1 of 7');
  await page.getByRole('button', { name: 'Two linear layers' }).click();
  await expect(tour).toContainText('Open a sample, or drop a model: done');
  await tour.getByRole('button', { name: 'Go on' }).click();
  await studio.run('Convert');
  await expect(tour).toContainText('Press Convert: done');
  const [strip, lower] = [await tour.boundingBox(), await page.locator('.lower').boundingBox()];
  expect((lower?.y ?? 0) + (lower?.height ?? 0)).toBeLessThanOrEqual((strip?.y ?? 0) + 1);
  await tour.getByRole('button', { name: 'Skip the tour' }).click();
  await expect(tour).toHaveCount(0);
  await page.getByRole('button', { name: 'Help' }).click();
  await page.getByRole('menuitem', { name: 'Tour' }).click();
  await expect(tour).toContainText('1 of 7');
  await page.keyboard.press('Escape');
  await expect(tour).toHaveCount(0);
});

test('errors are shown one at a time, are counted, and go all at once', async ({ page, studio }) => {
  await studio.open({ backend: 'wasm' });
  await expect(page.getByRole('button', { name: 'Two linear layers' })).toBeVisible();
  for (const name of ['one.onnx', 'two.onnx', 'three.onnx']) {
    await studio.openModel({ name, mimeType: '', buffer: Buffer.from('no model') });
    await expect(studio.alert).toContainText(name);
  }
  await expect(studio.alert).toHaveCount(1);
  await expect(studio.alert).toContainText('3 of 3');
  await studio.alert.getByRole('button', { name: 'Earlier' }).click();
  await expect(studio.alert).toContainText('two.onnx was not opened');
  await studio.alert.getByRole('button', { name: 'Dismiss all' }).click();
  await expect(studio.alert).toHaveCount(0);
});

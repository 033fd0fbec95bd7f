import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures';

/* Choices for several layers at once: by selected rows, by type, by SQNR. None of it is the GPU's matter. */

const select = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true });
const mark = (page: Page, layer: string) =>
  page.getByRole('button', { name: `Select ${layer}`, exact: true });
const equalize = (page: Page, layer: string) =>
  page.getByRole('checkbox', { name: `Equalize ${layer}`, exact: true });

test('rows are selected by mouse and by keyboard, and chosen for together', async ({ page, studio }) => {
  await studio.open({ sample: 'digits', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  const bar = page.locator('.layers-bar');
  await expect(select(page, 'Equalize selected layers')).toBeDisabled();

  await studio.layer('linear1').getByText('128×64').click();
  await studio
    .layer('linear3')
    .getByText('10×64')
    .click({ modifiers: ['Shift'] });
  await expect(bar).toContainText('3 of 3 selected');
  await studio
    .layer('linear2')
    .getByText('64×128')
    .click({ modifiers: ['ControlOrMeta'] });
  await expect(bar).toContainText('2 of 3 selected');
  await select(page, 'Equalize selected layers').selectOption('off');
  for (const [layer, on] of [
    ['linear1', false],
    ['linear2', true],
    ['linear3', false],
  ] as const)
    await expect(equalize(page, layer)).toBeChecked({ checked: on });

  await page.keyboard.press('Escape');
  await expect(bar).toContainText('0 of 3 selected');
  await mark(page, 'linear2').focus();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(mark(page, 'linear3')).toBeFocused();
  await expect(bar).toContainText('2 of 3 selected');
  await select(page, 'Quantize selected layers as').selectOption('per-channel');
  await mark(page, 'linear3').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await expect(bar).toContainText('3 of 3 selected');

  await studio.run('Equalize');
  const { config, layers } = await studio.exportReport();
  expect(config).toMatchObject({
    layers: ['linear2'],
    equalization: { global: true, byName: { linear1: false, linear3: false }, byType: {} },
    qconfigs: { byName: { linear2: 'per-channel', linear3: 'per-channel' }, byType: {} },
  });
  expect(layers.map(({ decision }) => decision)).toEqual(['skip', 'fold', 'skip']);
});

test('a type has choices, a name goes before it', async ({ page, studio }) => {
  await studio.open({ sample: 'digits', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  await page.getByRole('button', { name: 'QConfig mapping…' }).click();
  await select(page, 'Equalize torch.nn.Linear').selectOption('off');
  await select(page, 'Quantize torch.nn.Linear as').selectOption('qnnpack');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'QConfig mapping…' })).toBeFocused();
  await expect(equalize(page, 'linear2')).not.toBeChecked();
  await equalize(page, 'linear2').check();

  await studio.run('Equalize');
  const { config, layers, observers } = await studio.exportReport();
  expect(config).toMatchObject({
    equalization: { global: true, byName: { linear2: true }, byType: { 'torch.nn.Linear': false } },
    qconfigs: { byName: {}, byType: { 'torch.nn.Linear': 'qnnpack' } },
  });
  expect(layers.map(({ decision }) => decision)).toEqual(['skip', 'fold', 'skip']);
  expect(new Set(observers.map(({ kind }) => kind))).toEqual(new Set(['histogram']));
});

test('the layers with the lowest SQNR are equalized alone', async ({ page, studio }) => {
  await studio.open({ sample: 'digits', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  const lowest = page.getByRole('button', { name: 'Lowest SQNR…' });
  await lowest.click();
  await expect(page.getByText('Run Convert first')).toBeVisible();
  await page.keyboard.press('Escape');

  await studio.run('Convert');
  const sqnr = (await studio.exportReport()).layers.map(({ name, sqnr: { plain } }) => ({
    name,
    plain: Number(plain),
  }));
  const expected = sqnr.toSorted((one, other) => one.plain - other.plain).slice(0, 2);
  await lowest.click();
  await page.getByRole('spinbutton', { name: 'N' }).fill('2');
  await page.getByRole('button', { name: 'Equalize lowest N' }).click();
  await expect(studio.status).toContainText(`Equalizes only ${expected[0]?.name} (`);
  await studio.run('Equalize');
  const { config } = await studio.exportReport();
  expect(config.equalization.global).toBe(false);
  expect(Object.keys(config.equalization.byName)).toEqual(expected.map(({ name }) => name));
});

test('a step that fails at a node shows it there, until the settings change', async ({ page, studio }) => {
  await studio.open({ sample: 'digits', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  await studio.chooseSemantics('PyTorch');
  await page.getByRole('button', { name: 'QConfig mapping…' }).click();
  await select(page, 'Quantize torch.nn.Linear as').selectOption('fbgemm');
  await page.keyboard.press('Escape');

  await studio.button('Convert').click();
  await studio.expectStep('prepare', 'failed');
  const node = studio.node('linear1').first();
  await expect(node).toHaveAttribute('data-failed', 'prepare');
  await expect(node).toContainText('Prepare failed here');
  await expect(node).toHaveAttribute('aria-pressed', 'true');
  await expect(node).toBeInViewport();
  await expect(studio.alert).toContainText('Prepare failed at linear1');
  await expect(page.getByRole('region', { name: 'Prepare failed here' })).toContainText('Give both the same');

  await page.getByRole('button', { name: 'QConfig mapping…' }).click();
  await select(page, 'Quantize torch.nn.ReLU as').selectOption('fbgemm');
  await page.keyboard.press('Escape');
  await expect(node).not.toHaveAttribute('data-failed');
  await expect(studio.alert).toHaveCount(0);
  await studio.run('Prepare');
});

import { finite } from '../files/report';
import { expect, test } from '../fixtures';
import type { StudioPage } from '../pages/studioPage';

/* Methods for the model and for a layer, scales by hand. None of it is the GPU's matter. */

async function sqnrOf(studio: StudioPage, layer: string) {
  const report = await studio.exportReport();
  const own = report.layers.find(({ name }) => name === layer);
  return { layer: finite(own?.sqnr.equalized), model: finite(report.sqnr?.equalized), report };
}

async function openConverted(studio: StudioPage): Promise<void> {
  await studio.open({ sample: 'digits', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  await studio.run('Convert');
}

test('another method and another α give other figures, and a layer can have its own', async ({
  page,
  studio,
}) => {
  await openConverted(studio);
  const first = await sqnrOf(studio, 'linear2');
  await studio.method.selectOption('smoothquant');
  await studio.expectStep('equalize', 'todo');
  await page.getByRole('spinbutton', { name: 'SmoothQuant α' }).fill('0.7');
  await studio.run('Convert');
  const smooth = await sqnrOf(studio, 'linear2');
  expect(smooth.report.config).toMatchObject({ method: 'smoothquant', alpha: 0.7 });
  expect(smooth.model).not.toBeCloseTo(first.model, 3);

  const linear2 = await studio.inspect('linear2');
  await linear2.expectRule('SmoothQuant, α = 0.7.');
  await linear2.method.selectOption('input-weight');
  await linear2.expectRule('input-weight.');
  await studio.settled();
  await studio.expectStep('convert', 'done');
  const own = await sqnrOf(studio, 'linear2');
  expect(own.report.config.byHand.methods).toEqual({ linear2: 'input-weight' });
  expect(own.layer).not.toBeCloseTo(smooth.layer, 3);

  const results = await studio.panel('Results');
  await expect(results.getByRole('row', { name: /^this run/ })).toContainText('smoothquant 0.7 *');
  await expect(results.getByRole('row', { name: /^run 1 / })).toContainText('input-weight');
});

test('a scale is set by keys, dragged and taken back; figures follow at once', async ({ page, studio }) => {
  await openConverted(studio);
  const before = await sqnrOf(studio, 'linear2');
  const linear2 = await studio.inspect('linear2');

  await linear2.plot.focus();
  await page.keyboard.press('ArrowRight');
  await expect(linear2.plot).toHaveAttribute('aria-valuetext', /^column 1: [\d.]+$/);
  for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowUp');
  await expect(linear2.plot).toHaveAttribute('aria-valuetext', /not set yet$/);
  await page.keyboard.press('Enter');
  await expect(linear2.edits).toHaveText([/1: /]);
  await linear2.expectRule('input-weight, some by hand.');
  await studio.settled();
  await expect(linear2.plot).toBeFocused();
  const keyed = await sqnrOf(studio, 'linear2');
  expect(keyed.layer).not.toBeCloseTo(before.layer, 3);
  expect(keyed.model).not.toBeCloseTo(before.model, 3);

  await linear2.drag(60, 128, 0.5, async () => {
    await expect(linear2.plot).toHaveAttribute('aria-valuetext', /^column 60: .* not set yet$/);
    await expect(linear2.edits).toHaveCount(1);
  });
  await expect(linear2.edits).toHaveText([/1: /, /60: /]);
  await studio.settled();
  const dragged = await sqnrOf(studio, 'linear2');
  expect(Object.keys(dragged.report.config.byHand.scales.linear2 ?? {})).toEqual(['1', '60']);
  expect(dragged.layer).not.toBeCloseTo(keyed.layer, 4);

  await linear2.takeBack.click();
  await expect(linear2.edits).toHaveCount(1);
  await studio.settled();
  await linear2.takeAllBack.click();
  await expect(linear2.edits).toHaveCount(0);
  await studio.settled();
  const after = await sqnrOf(studio, 'linear2');
  expect(after.report.layers).toEqual(before.report.layers);
  expect(after.report.sqnr).toEqual(before.report.sqnr);
});

test('what is no scale and no column is refused in place, and stays typed', async ({ page, studio }) => {
  await openConverted(studio);
  const linear2 = await studio.inspect('linear2');
  for (const wrong of ['0', '-1', 'NaN', '1e30', '']) {
    await linear2.setScale(5, wrong);
    await expect(studio.alert).toContainText('from 2^−63');
    await expect(linear2.scaleField).toHaveValue(wrong);
  }
  await linear2.columnField.fill('128');
  await expect(linear2.section).toContainText('0 to 127');
  await linear2.scaleField.press('Escape');
  await expect(linear2.columnField).toHaveValue('5');
  await expect(linear2.section).not.toContainText('0 to 127');
  await expect(page.getByRole('heading', { name: 'linear2' })).toBeVisible();
  await expect(linear2.edits).toHaveCount(0);

  // What is rejected goes with another column, with another node, and with Undo.
  await linear2.setScale(5, '-1');
  await linear2.columnField.fill('6');
  await expect(linear2.section).not.toContainText('above 0');
  await linear2.columnField.fill('999');
  await expect(linear2.section).toContainText('0 to 127');
  await studio.inspect('linear1');
  await studio.inspect('linear2');
  await expect(linear2.section).not.toContainText('0 to 127');
  await linear2.setScale(5, '2');
  await studio.settled();
  await expect(linear2.takeBack).toHaveAttribute('aria-disabled', 'false');
  await linear2.columnField.fill('999');
  await expect(linear2.takeBack).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(linear2.edits).toHaveCount(0);
  await expect(linear2.section).not.toContainText('0 to 127');
  await expect(linear2.columnField).toHaveValue('5');
  await expect(linear2.takeBack).toHaveAttribute('aria-disabled', 'true');

  await linear2.equalize.uncheck();
  await studio.settled();
  await expect(studio.layer('linear2')).toContainText('skip');
  await studio.expectStep('convert', 'done');
});

test('a loss after a scale by hand names it, and takes it back', async ({ page, studio }) => {
  await studio.open({ sample: 'digits', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  const paint = page.getByRole('button', { name: 'Paint by SQNR gain' });
  await studio.run('Equalize');
  await expect(paint).toHaveCount(0);
  await studio.run('Convert');
  await expect(paint).toBeVisible();
  const verdict = page.getByRole('region', { name: 'Result of Convert' });
  await expect(verdict).toContainText('dB');
  await expect(verdict).not.toContainText('by hand');
  const linear2 = await studio.inspect('linear2');
  await linear2.setScale(5, '1000000');
  await studio.settled();
  await expect(verdict).toContainText('A possible cause: the scale set by hand, of column 5 of linear2.');
  await verdict.getByRole('button', { name: 'Take back 1 scale' }).click();
  await studio.settled();
  await expect(linear2.edits).toHaveCount(0);
  await expect(verdict).not.toContainText('by hand');
});

test('PyTorch semantics has its own formula; the choice comes back with Exact', async ({ studio }) => {
  await openConverted(studio);
  await studio.method.selectOption('cross-layer');
  await studio.page.getByRole('checkbox', { name: 'Absorb high biases' }).check();
  await studio.chooseSemantics('PyTorch');
  await expect(studio.method).toBeDisabled();
  await expect(studio.method).toHaveValue('input-weight');
  await expect(studio.method).toHaveAttribute('title', /PyTorch’s pass knows its own formula only/);
  await studio.chooseSemantics('Exact');
  await expect(studio.method).toHaveValue('cross-layer');
  await expect(studio.page.getByRole('checkbox', { name: 'Absorb high biases' })).toBeChecked();
});

test('the search of auto tells how far it is, and can be cancelled', async ({ studio }) => {
  await studio.open({ sample: 'digits', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  await studio.method.selectOption('auto');
  await studio.button('Equalize').click();
  await expect(studio.progress).toHaveAttribute('aria-label', /^Equalize · search \d+ of \d+$/);
  await studio.cancel.click();
  await studio.settled();
  await expect(studio.status).toHaveText('Equalize: cancelled');
  await studio.expectStep('equalize', 'todo');
});

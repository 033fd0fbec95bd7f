import { parseCsv } from '../files/csv';
import { expect, test } from '../fixtures';
import { MethodsTab } from '../pages/methodsTab';

test('methods are compared, one is used, advice is applied, and the graph painted', async ({
  page,
  studio,
}) => {
  await studio.open({ sample: 'digits', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  await studio.run('Convert');
  await studio.panel('Methods');
  const methods = new MethodsTab(page);

  await test.step('six rows, and a search that never loses', async () => {
    await methods.finish('Compare methods');
    await expect(methods.rows).toHaveCount(6);
    expect(await methods.sqnr('auto')).toBeGreaterThanOrEqual(await methods.sqnr('none'));
    await expect(methods.row('input-weight')).toContainText('in use');
    await expect(methods.row('none')).toContainText('529 / 540');
    await studio.expectStep('convert', 'done');
  });

  await test.step('sorted by SQNR, by keyboard', async () => {
    const head = page.getByRole('columnheader', { name: 'SQNR, dB' });
    await head.getByRole('button').focus();
    await page.keyboard.press('Enter');
    await expect(head).toHaveAttribute('aria-sort', 'descending');
    const falling = await methods.sqnrs();
    expect(falling).toEqual(falling.toSorted((a, b) => b - a));
    await page.keyboard.press('Enter');
    await expect(head).toHaveAttribute('aria-sort', 'ascending');
    expect(await methods.sqnrs()).toEqual(falling.toReversed());
  });

  await test.step('saved as a table', async () => {
    const [head = [], ...rows] = parseCsv(await methods.csv());
    expect(rows.map(([name]) => name)).toEqual([
      'none',
      'input-weight',
      'smoothquant',
      'cross-layer',
      'auto',
      'pytorch',
    ]);
    expect(head.slice(-3)).toEqual(['sqnr_db linear1', 'sqnr_db linear2', 'sqnr_db linear3']);
    for (const row of rows) expect(row).toHaveLength(head.length);
    const auto = rows.find(([name]) => name === 'auto')?.[head.indexOf('sqnr_db')];
    expect(Number(auto)).toBeCloseTo(await methods.sqnr('auto'), 1);
  });

  await test.step('by layer: a click on the plot selects the layer', async () => {
    await methods.show('By layer');
    await methods.plot.click({ position: await methods.layerPlace(1, 3) });
    await expect(page.getByRole('heading', { name: 'linear2' })).toBeVisible();
  });

  await test.step('another method is used', async () => {
    await methods.show('Comparison');
    await page.getByRole('button', { name: 'Use SmoothQuant α 0.5' }).click();
    await expect(studio.status).toHaveText(
      'Method SmoothQuant α 0.5. Equalize and the steps after it must run again: click Convert',
    );
    await expect(methods.row('smoothquant')).toContainText('in use');
    await studio.expectStep('equalize', 'todo');
    await expect(methods.stale).toHaveCount(0);
  });

  await test.step('advice, applied with one click', async () => {
    await methods.finish('Advise');
    await expect(methods.advice('linear1')).toContainText('0, 16, 24 and 2 more');
    await methods.advice('linear3').getByText('equalize', { exact: true }).click();
    await expect(page.getByRole('heading', { name: 'linear3' })).toBeVisible();
    await page.getByRole('button', { name: 'Apply advice' }).click();
    await expect(studio.status).toContainText('Advice applied: equalizes 3 layers by auto');
    await studio.run('Convert');
    expect((await studio.exportReport()).config).toMatchObject({ method: 'auto' });
  });

  await test.step('layers wear their gain', async () => {
    const paint = page.getByRole('button', { name: 'Paint by SQNR gain' });
    await expect(studio.node('linear1')).not.toContainText('dB');
    await paint.click();
    await expect(paint).toHaveAttribute('aria-pressed', 'true');
    for (const layer of ['linear1', 'linear2', 'linear3']) {
      await expect(studio.node(layer)).toContainText(/\+\d+\.\d dB/);
      await expect(studio.node(layer)).toHaveAttribute('data-gain', /[123]/);
    }
  });

  await test.step('other settings: the tables say that they are of earlier ones', async () => {
    await page.getByRole('combobox', { name: 'QConfig', exact: true }).selectOption('per-channel');
    await expect(methods.stale).toHaveText('of earlier settings: advise again');
    await methods.show('Comparison');
    await expect(methods.stale).toHaveText('of earlier settings: compare again');
    await expect(methods.rows).toHaveCount(6);
  });
});

test('a comparison is cancelled: nothing has changed', async ({ page, studio }) => {
  await studio.open({ sample: 'digits', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  await studio.run('Prepare');
  await studio.panel('Methods');
  await page.getByRole('button', { name: 'Compare methods' }).click();
  await expect(studio.progress).toBeVisible();
  await studio.cancel.click();
  await expect(studio.progress).toHaveCount(0);
  await expect(studio.status).toHaveText('Compare methods: cancelled');
  await studio.expectStep('prepare', 'done');
  await expect(new MethodsTab(page).rows).toHaveCount(0);
});

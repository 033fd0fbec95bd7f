import { chainModel, chainPaths, chainSamples } from '../files/chainModel';
import { parseCsv } from '../files/csv';
import { npyFile } from '../files/npy';
import { expect, test } from '../fixtures';
import { LayersTable } from '../pages/layersTable';
import { violations } from '../violations';

/* The layers table: none of it is the GPU's matter. */

const chain = (layers: number) => ({
  name: 'chain.safetensors',
  mimeType: 'application/octet-stream',
  buffer: chainModel(chainPaths(layers)),
});
const samples = () => {
  const { shape, data } = chainSamples(8);
  return { name: 'rows.npy', mimeType: 'application/octet-stream', buffer: npyFile(shape, data) };
};

test('sorted, filtered, chosen for together, saved, and the same after a run', async ({ page, studio }) => {
  await studio.open({ backend: 'wasm' });
  await studio.openModel(chain(12));
  await studio.openCalibration(samples());
  const table = new LayersTable(page);
  await expect(table.rows).toHaveCount(12);

  await test.step('by name downwards', async () => {
    await table.head('layer').getByRole('button').click();
    await table.head('layer').getByRole('button').click();
    await expect(table.head('layer')).toHaveAttribute('aria-sort', 'descending');
    expect((await table.names())[0]).toBe('encoder_layers_0011_fc');
  });

  await test.step('by words; all that is left is left out of equalization', async () => {
    await table.text.fill('00 000');
    await table.text.fill('layers_001');
    await expect(table.rows).toHaveCount(2);
    await expect(table.table).toHaveAttribute('aria-rowcount', '3');
    await page.getByRole('button', { name: 'Select all layers' }).click();
    await expect(table.count).toHaveText('2 of 2 selected');
    await table.select('Equalize selected layers').selectOption('off');
    await page.getByRole('searchbox').press('Escape');
    await expect(table.rows).toHaveCount(12);
    await expect(table.count).toHaveText('2 of 12 selected');
  });

  await test.step('by a choice, in the popover', async () => {
    const filter = await table.open('Filter');
    await filter.getByLabel('Equalize').selectOption('off');
    await page.keyboard.press('Escape');
    await expect(table.rows).toHaveCount(2);
    await expect(page.getByRole('button', { name: 'Filter (1)…' })).toBeVisible();
  });

  await test.step('a run changes neither filter nor sort', async () => {
    await studio.run('Convert');
    expect(await table.names()).toEqual(['encoder_layers_0011_fc', 'encoder_layers_0010_fc']);
    await expect(table.rows.first()).toContainText('skip');
  });

  await test.step('saved as it is shown, with all columns', async () => {
    const [head = [], ...rows] = parseCsv(await table.csv());
    expect(rows.map(([name]) => name)).toEqual(['encoder_layers_0011_fc', 'encoder_layers_0010_fc']);
    expect(rows[0]?.[head.indexOf('decision')]).toBe('skip');
    expect(Number(rows[0]?.[head.indexOf('sqnr_db_int8')])).not.toBeNaN();
  });

  await test.step('nothing passes: the way out stands there', async () => {
    await table.text.fill('no such layer');
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await expect(table.rows).toHaveCount(12);
  });
});

test('rows and nodes lead to each other; keys do all of it', async ({ page, studio }) => {
  await studio.open({ backend: 'wasm' });
  await studio.openModel(chain(40));
  const table = new LayersTable(page);
  await expect(table.rows).toHaveCount(40);

  await test.step('a click on a row shows its node', async () => {
    await studio.layer('encoder_layers_0002_fc').getByText('4×4').click();
    await expect(page.getByRole('heading', { name: 'encoder_layers_0002_fc' })).toBeVisible();
    await expect(studio.layer('encoder_layers_0002_fc')).toHaveAttribute('aria-current', 'true');
  });

  await test.step('a node brings its row into sight', async () => {
    await table.scroll.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect(studio.layer('encoder_layers_0001_fc')).not.toBeInViewport();
    await studio.node('encoder_layers_0001_fc').click();
    await expect(studio.layer('encoder_layers_0001_fc')).toHaveAttribute('aria-current', 'true');
    await expect(studio.layer('encoder_layers_0001_fc')).toBeInViewport();
  });

  await test.step('arrows, Shift, Space, Enter', async () => {
    await table.mark('encoder_layers_0001_fc').focus();
    await page.keyboard.press('End');
    await expect(table.mark('encoder_layers_0039_fc')).toBeFocused();
    await expect(studio.layer('encoder_layers_0039_fc')).toBeInViewport();
    await page.keyboard.press('Shift+ArrowUp');
    await page.keyboard.press('Shift+ArrowUp');
    // With the row that was clicked.
    await expect(table.count).toHaveText('4 of 40 selected');
    await page.keyboard.press('Space');
    await expect(table.count).toHaveText('3 of 40 selected');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'encoder_layers_0037_fc' })).toBeVisible();
  });

  await test.step('columns and height outlast the page', async () => {
    const columns = await table.open('Columns');
    await columns.getByRole('checkbox', { name: 'type' }).check();
    await columns.getByRole('checkbox', { name: 'shape' }).uncheck();
    await page.keyboard.press('Escape');
    await expect(table.head('type')).toBeVisible();
    const edge = page.getByRole('separator', { name: 'Height of the lower panel' });
    await edge.focus();
    await page.keyboard.press('ArrowUp');
    const height = await edge.getAttribute('aria-valuenow');
    await page.reload();
    await studio.openModel(chain(3));
    await expect(table.head('type')).toBeVisible();
    await expect(table.head('shape')).toHaveCount(0);
    await expect(edge).toHaveAttribute('aria-valuenow', height ?? '');
  });
});

test('3,000 rows: those in sight are in the page, and no scroll waits', async ({ page, studio }) => {
  await studio.open({ backend: 'wasm' });
  await studio.openModel(chain(3000));
  const table = new LayersTable(page);
  await expect(table.table).toHaveAttribute('aria-rowcount', '3001', { timeout: 60_000 });
  expect(await table.rows.count()).toBeLessThan(60);

  const widths = () => table.table.locator('th').evaluateAll((heads) => heads.map((h) => h.clientWidth));
  const before = await widths();
  const { median, worst } = await table.scroll.evaluate(async (element) => {
    const times: number[] = [];
    for (let i = 1; i <= 40; i++) {
      const start = performance.now();
      element.scrollTo(0, (element.scrollHeight * i) / 40);
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
      times.push(performance.now() - start);
    }
    const sorted = times.toSorted((a, b) => a - b);
    return { median: sorted[20] ?? Number.NaN, worst: sorted.at(-1) ?? Number.NaN };
  });
  console.log(`3,000 rows: a scroll step takes ${median.toFixed(0)} ms, at most ${worst.toFixed(0)} ms`);
  // Generous: a software renderer on a busy machine. Drawing 3,000 rows at once takes seconds there.
  expect(median).toBeLessThan(400);
  expect(worst).toBeLessThan(2000);
  expect(await widths()).toEqual(before);
  await expect(studio.layer('encoder_layers_2999_fc')).toBeVisible();

  await table.text.fill('layers_2998');
  await expect(table.rows).toHaveCount(1);
  await table.text.fill('');
  await table.mark('encoder_layers_0000_fc').focus();
  await page.keyboard.press('End');
  await expect(table.mark('encoder_layers_2999_fc')).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await expect(table.count).toHaveText('3,000 of 3,000 selected');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing at the layers table (${colorScheme})`, async ({ page, studio }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await studio.open({ backend: 'wasm' });
    await studio.openModel(chain(250));
    const table = new LayersTable(page);
    const expectClean = async (part: string) => {
      await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running'));
      expect(await violations(page, part)).toEqual([]);
    };
    await expect(table.rows.first()).toBeVisible();
    await page.getByRole('button', { name: 'Select all layers' }).click();
    await expectClean('.lower');
    await table.open('Filter');
    await expectClean('.bar-popover');
    await page.keyboard.press('Escape');
    await table.open('Columns');
    await expectClean('.bar-popover');
    await page.keyboard.press('Escape');
    await table.text.fill('nothing');
    await expectClean('.lower');
  });
}

import { readFile } from 'node:fs/promises';
import { readSafetensors } from '../files/safetensors';
import { expect, test } from '../fixtures';
import { HelpPanels } from '../pages/helpPanels';

test('the keyboard alone leads from the empty page to an export of the digits sample', async ({
  page,
  studio,
}) => {
  await studio.open({ backend: 'wasm' });
  const card = page.getByRole('button', { name: 'Handwritten digits' });
  await expect(card).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the samples' })).toBeFocused();
  await page.keyboard.press('Enter');
  for (let stop = 0; stop < 8 && !(await card.evaluate((one) => one === document.activeElement)); stop++)
    await page.keyboard.press('Tab');
  await expect(card).toBeFocused();
  await page.keyboard.press('Enter');
  await studio.expectStep('load', 'done');
  for (const step of ['prepare', 'calibrate', 'equalize'] as const) {
    await page.keyboard.press('Control+Enter');
    await studio.expectStep(step, 'done');
    await studio.settled();
  }
  await page.keyboard.press('[');
  await expect(studio.step('calibrate').locator('.step-link')).toHaveAttribute('aria-current', 'step');
  await page.keyboard.press(']');
  await expect(studio.step('equalize').locator('.step-link')).toHaveAttribute('aria-current', 'step');

  const downloading = page.waitForEvent('download');
  await new HelpPanels(page).command('weights safetensors', 'Export: Weights (.safetensors)');
  const weights = readSafetensors(await readFile(await (await downloading).path()));
  expect([...weights.tensors.keys()]).toContain('linear1.weight');
});

test('skip links and F6 lead to every part of the page, and the focus can be seen there', async ({
  page,
  studio,
}) => {
  await studio.open({ sample: 'linear2', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  const focused = () => page.evaluate(() => document.activeElement?.closest('[id]')?.id ?? '');
  for (const part of ['graph', 'inspector', 'lower', 'pipeline']) {
    await page.locator(`a.skip-link[href="#${part}"]`).focus();
    await page.keyboard.press('Enter');
    expect(await focused()).toBe(part);
  }
  await page.locator('#graph').focus();
  const way: string[] = [];
  for (let stop = 0; stop < 4; stop++) {
    await page.keyboard.press('F6');
    way.push(
      await page.evaluate(
        () => document.activeElement?.closest('#header, #pipeline, #graph, #inspector, #lower')?.id ?? '',
      ),
    );
  }
  expect(way).toEqual(['inspector', 'lower', 'header', 'pipeline']);
  expect(await page.evaluate(() => document.activeElement?.matches(':focus-visible'))).toBe(true);
  // A text has no use for F6: the way goes on from the search box too.
  await page.locator('#graph').focus();
  await page.keyboard.press('/');
  await page.keyboard.type('linear1');
  await page.keyboard.press('Enter');
  await page.keyboard.press('F6');
  expect(await focused()).toBe('inspector');
});

test('the graph is one tab stop: arrow keys walk it, Tab leaves it and comes back to the same node', async ({
  page,
  studio,
}) => {
  await studio.open({ sample: 'transformer', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  const stops = page.locator('.flow-pane [data-item][tabindex="0"]');
  await expect(stops).toHaveCount(1);
  await stops.focus();
  await page.keyboard.press('ArrowDown');
  const node = await page.locator('[data-node]:focus').getAttribute('data-node');
  await page.keyboard.press('Tab');
  await expect(page.locator('[data-item]:focus')).toHaveCount(0);
  await page.keyboard.press('Shift+Tab');
  await expect(studio.node(node ?? '')).toBeFocused();
  await expect(stops).toHaveCount(1);

  // What is selected elsewhere is where the next Tab goes.
  await studio.node('add').click();
  await expect(stops).toHaveAttribute('data-node', 'add');
});

test('keys are not taken while somebody types, nor while a dialog is open, and can be turned off', async ({
  page,
  studio,
}) => {
  const help = new HelpPanels(page);
  await studio.open({ sample: 'linear2', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  await page.keyboard.press('?');
  await expect(help.keys).toBeVisible();
  await expect(help.keys).toContainText('Command palette');
  await page.keyboard.press('o');
  await help.keys.getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  await expect(help.keys).toHaveCount(0);
  await page.keyboard.press('o');
  await page.keyboard.press('?');
  await expect(help.keys).toHaveCount(0);
  await expect(help.tree).toHaveCount(0);

  // The choice stays for the next visit; with Ctrl keys work all the same.
  await studio.open({ sample: 'linear2', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  await page.keyboard.press('?');
  await help.command('keys', 'Keys');
  await help.keys.getByRole('checkbox').check();
  await page.keyboard.press('Escape');

  await page.locator('[data-node="linear1"]').first().click();
  await help.command('prepare', 'Prepare');
  await studio.expectStep('prepare', 'done');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('o?[');
  await expect(help.query).toHaveValue('o?[');
  await expect(help.keys).toHaveCount(0);
});

test('the palette finds actions, layers and nodes, and says why something cannot be done', async ({
  page,
  studio,
}) => {
  const help = new HelpPanels(page);
  await studio.open({ backend: 'wasm' });
  await expect(page.getByRole('button', { name: 'Two linear layers' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await help.query.fill('convert');
  await expect(help.options.first()).toHaveAttribute('aria-disabled', 'true');
  await expect(help.options.first()).toContainText('Open a model first');
  await page.keyboard.press('Escape');
  await help.command('two linear', 'Two linear layers');
  await studio.expectStep('load', 'done');
  await help.command('linear2', 'linear2');
  await expect(page.getByRole('heading', { name: 'linear2', exact: true })).toBeVisible();
  await help.command('theme dark', 'Theme: dark');
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await help.command('qconfig fbgemm', 'QConfig: fbgemm');
  await expect(page.getByRole('combobox', { name: 'QConfig', exact: true })).toHaveValue('fbgemm');
});

test('the outline is the graph as a tree, linked with the selection in both directions', async ({
  page,
  studio,
}) => {
  const help = new HelpPanels(page);
  await studio.open({ sample: 'transformer', backend: 'wasm' });
  await studio.expectStep('load', 'done');
  await page.keyboard.press('o');
  await expect(help.tree).toBeVisible();
  await help.tree.focus();
  await page.keyboard.press('Home');
  expect(await help.current()).toBe('x');
  await page.keyboard.press('ArrowDown');
  const second = await help.current();
  await page.keyboard.press('Enter');
  const taken = help.tree.locator(`[data-outline="${second}"]`);
  if ((await taken.getAttribute('aria-expanded')) === null)
    await expect(taken).toHaveAttribute('aria-selected', 'true');
  else await expect(taken).toHaveAttribute('aria-expanded', 'true');

  const layer =
    (await studio.layer('').or(page.locator('[data-layer]')).last().getAttribute('data-layer')) ?? '';
  await studio.inspect(layer);
  await expect(help.tree.locator(`[data-outline="${layer}"]`)).toHaveAttribute('aria-selected', 'true');
  await expect(help.tree.locator(`[data-outline="${layer}"]`)).toBeVisible();
  await page.getByRole('button', { name: 'Close the outline' }).click();
  await expect(help.tree).toHaveCount(0);
});

test('the list of changes is one stop, and a node that the keyboard comes to is in sight', async ({
  page,
  studio,
}) => {
  await page.setViewportSize({ width: 1280, height: 640 });
  await studio.open({ sample: 'linear2', backend: 'cpu' });
  await studio.expectStep('load', 'done');
  await studio.run('Prepare');
  const changes = studio.step('prepare').locator('.change');
  await changes.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(changes.nth(1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(changes.last()).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(studio.button('Calibrate')).toBeFocused();

  await studio.node('x').first().focus();
  const focused = page.locator('.flow-node:focus');
  for (const name of ['linear1', 'linear2', 'output']) {
    while ((await focused.getAttribute('data-node')) !== name) {
      const before = await focused.getAttribute('data-node');
      await page.keyboard.press('ArrowDown');
      await expect(focused).not.toHaveAttribute('data-node', before ?? '');
      await expect(focused).toBeInViewport({ ratio: 0.9 });
    }
  }
});

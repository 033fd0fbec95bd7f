import { expect, test } from '../fixtures';
import { violations } from '../violations';

const WASM = { backend: 'wasm', sample: 'linear2' };

test('a pass is stepped through by buttons, the timeline and the list, and played', async ({
  studio,
  page,
}) => {
  await studio.open(WASM);
  await studio.run('Equalize');
  const bar = page.getByRole('region', { name: 'Playback' });
  const position = bar.locator('.transport-position');
  const timeline = bar.getByRole('slider', { name: 'Timeline' });
  const count = Number(await timeline.getAttribute('max'));
  await expect(position).toHaveText(`${count} changes`);
  // Only what is in sight is drawn.
  await page.getByRole('button', { name: 'Show the whole graph' }).click();
  const finished = await page.locator('.flow-node:not([data-ghost])').count();

  await bar.getByRole('button', { name: 'Previous change', exact: true }).click();
  await expect(position).toHaveText(`change ${count - 1} of ${count}`);
  await bar.getByRole('button', { name: 'First change' }).click();
  await expect(position).toHaveText(`change 0 of ${count}`);
  await expect(page.locator('.flow-node[data-change=added]')).toHaveCount(0);
  await bar.getByRole('button', { name: 'Next change', exact: true }).click();
  await expect(page.locator('.flow-node[data-current]').first()).toBeVisible();
  await expect(page.locator('.formula').first()).toContainText(/s\[\d+\] = sqrt\(/);
  await expect(page.locator('.pipeline .change.current, .change.current')).toHaveCount(1);

  // The same node stays where it is, whatever the change.
  const places = () =>
    page
      .locator('.react-flow__node')
      .evaluateAll((nodes) =>
        Object.fromEntries(
          nodes.map((node) => [
            node.getAttribute('data-id'),
            node.getAttribute('style')?.match(/translate.*?\)/)?.[0],
          ]),
        ),
      );
  const before = await places();
  await timeline.fill(String(count));
  await expect(position).toHaveText(`change ${count} of ${count}`);
  const after = await places();
  const both = Object.keys(before).filter((name) => name in after);
  expect(both.length).toBeGreaterThan(0);
  for (const name of both) expect(after[name], name).toBe(before[name]);
  expect(finished).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Show the whole graph' }).click();
  await expect(page.locator('.flow-node:not([data-ghost])')).toHaveCount(finished);
  await expect(page.locator('.flow-node[data-ghost]').first()).toHaveAttribute('data-change', 'removed');

  await bar.getByRole('combobox', { name: 'Speed' }).selectOption('4');
  await bar.getByRole('button', { name: 'Play' }).click();
  // Playing does not wait for who looks: on a slow machine the third change may be gone when it is asked for.
  await expect(position).toHaveText(/^change ([3-9]|\d\d) of/);
  await bar.getByRole('button', { name: 'Pause' }).click();
  const paused = await position.textContent();
  await page.waitForTimeout(700);
  await expect(position).toHaveText(paused ?? '');
  await page.locator('.change').nth(1).click();
  await expect(position).toHaveText(`change 2 of ${count}`);
  await bar.getByRole('button', { name: 'Last change' }).click();
  await expect(position).toHaveText(`${count} changes`);
});

test('the timeline is walked by keys, and the formulas of another column are shown', async ({
  studio,
  page,
}) => {
  await studio.open(WASM);
  await studio.run('Equalize');
  const timeline = page.getByRole('slider', { name: 'Timeline' });
  await timeline.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(timeline).toHaveAttribute('aria-valuetext', /^change 1 of \d+: /);
  const column = page.getByRole('spinbutton', { name: 'column' });
  const chosen = await column.inputValue();
  await column.focus();
  await page.keyboard.press(chosen === '0' ? 'ArrowUp' : 'ArrowDown');
  const other = chosen === '0' ? '1' : String(Number(chosen) - 1);
  await expect(page.locator('.formula').first()).toContainText(`s[${other}] =`);
  await studio.panel('FX text');
  await expect(page.getByTestId('fx-text')).toContainText('equalization_process_0');
});

test('two steps and two runs are compared, difference by difference', async ({ studio, page }) => {
  await studio.open(WASM);
  await studio.run('Convert');
  await studio.method.selectOption('smoothquant');
  await studio.run('Convert');
  const beside = page.getByRole('radio', { name: 'Before/after' });
  await beside.check({ force: true });
  const bar = page.getByRole('region', { name: 'Comparison' });
  // In front of Load there is nothing to compare with: the choice waits for a step that has a before.
  await studio.step('load').getByRole('link', { name: 'Load' }).click();
  await expect(beside).toBeDisabled();
  await expect(beside).not.toBeChecked();
  await expect(bar).toHaveCount(0);
  await studio.step('convert').getByRole('link', { name: 'Convert' }).click();
  await expect(beside).toBeChecked();
  await bar.getByRole('combobox', { name: 'Left graph' }).selectOption({ label: 'Load' });
  await expect(page.locator('.flow-pane').first().locator('.flow-node[data-ghost]').first()).toBeVisible();
  const count = bar.locator('.difference-count');
  await expect(count).toHaveText(/^\d+ differences$/);
  await bar.getByRole('button', { name: 'Next difference' }).click();
  await expect(count).toHaveText(/^difference 1 of/);
  await expect(page.locator('.difference-what')).not.toBeEmpty();
  await bar.getByRole('button', { name: 'Next difference' }).click();
  await expect(count).toHaveText(/^difference 2 of/);
  await bar.getByRole('button', { name: 'Previous difference' }).click();
  await expect(count).toHaveText(/^difference 1 of/);

  await studio.panel('Results');
  await page.getByRole('button', { name: 'Compare run 1 with run 2 in the graph' }).click();
  await expect(page.locator('.flow-caption').first()).toContainText('run 1');
  await expect(page.locator('.flow-caption').nth(1)).toContainText('run 2');
  await bar.getByRole('combobox', { name: 'Kinds of differences' }).selectOption('changed');
  await expect(bar.getByRole('combobox', { name: 'Differences', exact: true })).toContainText(
    'linear1: its tensors',
  );
});

test('keys step, play and pause; n and p jump from difference to difference', async ({ studio, page }) => {
  await studio.open(WASM);
  await studio.run('Equalize');
  const position = page.locator('.transport-position');
  const count = Number(await page.getByRole('slider', { name: 'Timeline' }).getAttribute('max'));
  await page.locator('#graph').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(position).toHaveText(`change ${count - 1} of ${count}`);
  await page.keyboard.press('ArrowLeft');
  await expect(position).toHaveText(`change ${count - 2} of ${count}`);
  await page.keyboard.press('ArrowRight');
  await expect(position).toHaveText(`change ${count - 1} of ${count}`);

  await page.getByRole('button', { name: 'First change' }).click();
  await expect(position).toHaveText(`change 0 of ${count}`);
  await page.locator('#graph').focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(position).toHaveText(/^change [1-9]\d* of/);
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Last change' }).click();
  await page.getByRole('radio', { name: 'Before/after' }).check({ force: true });
  await page.locator('#graph').focus();
  const difference = page.locator('.difference-count');
  await page.keyboard.press('n');
  await expect(difference).toHaveText(/^difference 1 of/);
  await page.keyboard.press('n');
  await expect(difference).toHaveText(/^difference 2 of/);
  await page.keyboard.press('p');
  await expect(difference).toHaveText(/^difference 1 of/);
  // Round and round.
  await page.keyboard.press('p');
  await expect(difference).toHaveText(/^difference (\d+) of \1$/);
});

test('runs of other qconfigs and other semantics are compared', async ({ studio, page }) => {
  await studio.open(WASM);
  await studio.run('Convert');
  await page.getByRole('combobox', { name: 'QConfig', exact: true }).selectOption('fbgemm');
  await studio.run('Convert');
  await studio.chooseSemantics('PyTorch');
  await studio.run('Convert');
  const captions = page.locator('.flow-caption');
  for (const [run, words] of [
    [1, 'Exact, default, input-weight'],
    [2, 'Exact, fbgemm, input-weight'],
  ] as const) {
    await studio.panel('Results');
    await page.getByRole('button', { name: `Compare run ${run} with run 3 in the graph` }).click();
    await expect(captions.first()).toContainText(`run ${run} · ${words}`);
    await expect(captions.nth(1)).toContainText('run 3 · PyTorch, fbgemm');
    await expect(page.locator('.difference-count')).toHaveText(
      /^(difference \d+ of )?[1-9]\d*( differences)?$/,
    );
    await page.getByRole('button', { name: 'Next difference' }).click();
    await expect(page.locator('.difference-what')).toBeVisible();
  }
});

test('two graphs side by side have 45 % of the height of a window of 1280×800, played too', async ({
  studio,
  page,
}) => {
  await studio.open(WASM);
  await studio.run('Convert');
  await page.getByRole('radio', { name: 'Before/after' }).check({ force: true });
  const panes = page.locator('.flow-panes');
  const height = async () => (await panes.boundingBox())?.height ?? 0;
  await expect(page.locator('.flow-pane')).toHaveCount(2);
  expect(await height()).toBeGreaterThan(0.45 * 800);
  await page.getByRole('button', { name: 'Next difference' }).click();
  await expect(page.locator('.difference-what')).toBeVisible();
  expect(await height()).toBeGreaterThan(0.45 * 800);
  await page.locator('#graph').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.explanation')).toBeVisible();
  expect(await height()).toBeGreaterThan(0.45 * 800);
});

for (const scheme of ['light', 'dark'] as const)
  test(`playing and comparing pass axe, ${scheme}`, async ({ studio, page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await studio.open(WASM);
    await studio.run('Equalize');
    await page.getByRole('button', { name: 'First change' }).click();
    await page.getByRole('button', { name: 'Next change', exact: true }).click();
    await expect(page.locator('.formula').first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Last change' }).click();
    await page.getByRole('radio', { name: 'Before/after' }).check({ force: true });
    await page.getByRole('button', { name: 'Next difference' }).click();
    await expect(page.locator('.difference-what')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });

test('the keys of playback go to it after a click on a button or a switch', async ({ studio, page }) => {
  await studio.open(WASM);
  await studio.run('Equalize');
  const position = page.getByRole('region', { name: 'Playback' }).locator('.transport-position');
  const single = page.getByRole('radio', { name: 'Single' });
  await page.locator('label', { has: single }).click();
  await page.keyboard.press('ArrowLeft');
  await expect(position).toHaveText(/^change \d+ of/);
  await expect(single).toBeChecked();
  await studio.button('Equalize').click();
  await studio.settled();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(studio.step('equalize')).toHaveAttribute('data-state', 'done');
  // Who comes by Tab means the control.
  await page.keyboard.press('Space');
  await single.focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'Before/after' })).toBeChecked();
});

import { type BigModelShape, bigModel } from '../files/bigModel';
import { expect, test } from '../fixtures';
import { GraphViewPage } from '../pages/graphView';
import type { StudioPage } from '../pages/studioPage';
import { violations } from '../violations';

/** Five stages of eight equal blocks of five nodes. */
const MIDDLE: BigModelShape = { nodes: 200, flow: 'residual', named: true };

/** As the page writes counts. */
const grouped = (count: number): string => count.toLocaleString('en-US');

/** Opens a made-up model. */
async function openBig(studio: StudioPage, shape: BigModelShape): Promise<GraphViewPage> {
  await studio.open({ backend: 'cpu' });
  const buffer = Buffer.from(bigModel(shape));
  await studio.openModel({ name: 'big.onnx', mimeType: 'application/octet-stream', buffer });
  await expect(studio.step('load')).toHaveAttribute('data-state', 'done', { timeout: 60_000 });
  return new GraphViewPage(studio.page);
}

test('groups open and close, with counts of what a step did; a table leads into a closed one', async ({
  page,
  studio,
}) => {
  const graph = await openBig(studio, MIDDLE);
  const blocks = graph.group('stages.0.blocks');
  await expect(blocks).toHaveAttribute('aria-expanded', 'true');
  await graph.button('Close all groups').click();
  const stages = graph.group('stages');
  await expect(stages).toHaveAttribute('aria-expanded', 'false');
  await expect(stages).toHaveAccessibleName(/group of 200 nodes, 5 equal blocks/);

  await stages.click();
  await expect(stages).toHaveAttribute('aria-expanded', 'true');
  const second = page.locator('[data-group^="stages.1"]').first();
  await expect(second).toHaveAccessibleName(/the same as stages\.0/);
  await stages.press('Enter');
  await expect(stages).toHaveAttribute('aria-expanded', 'false');

  await studio.run('Prepare');
  await page.getByRole('radio', { name: 'Before/after' }).check();
  const after = page.getByRole('region', { name: /^Graph, after/ });
  await expect(after.locator('[data-group="stages"]')).toHaveAccessibleName(/\d+ added/);
  await expect(
    page.getByRole('region', { name: /^Graph, before/ }).locator('[data-group="stages"]'),
  ).toHaveAccessibleName(/group of 200 nodes/);
  await page.getByRole('radio', { name: 'Single' }).check();

  await studio.layer('stages_2_blocks_3_fc1').getByRole('link').click();
  await expect(studio.node('stages_2_blocks_3_fc1')).toHaveAttribute('aria-pressed', 'true');
  await graph.expectInPane(studio.node('stages_2_blocks_3_fc1'));
  await expect(graph.group('stages.2.blocks.3')).toHaveAttribute('aria-expanded', 'true');
});

test('the selected node stays in sight when the pane changes its size, and comes back into it', async ({
  page,
  studio,
}) => {
  const graph = await openBig(studio, MIDDLE);
  await studio.run('Prepare');
  // It stands in another column than the first nodes.
  const name = 'stages_3_blocks_5_fc1';
  const node = studio.node(name);
  const link = studio.layer(name).getByRole('link');
  await link.click();
  await graph.expectInPane(node);
  await studio.panel('Plots');
  await graph.expectInPane(node);
  await studio.panel('Layers');
  await graph.expectInPane(node);

  // Who has left it is not brought back by another size, but by going there again.
  for (let drag = 0; drag < 3; drag++) await graph.drag();
  await expect.poll(() => graph.isInPane(node)).toBe(false);
  await studio.panel('Plots');
  await studio.panel('Layers');
  await expect.poll(() => graph.isInPane(node)).toBe(false);
  await link.click();
  await graph.expectInPane(node);

  // A comparison begins at it, also where it was out of sight.
  for (let drag = 0; drag < 3; drag++) await graph.drag();
  await expect.poll(() => graph.isInPane(node)).toBe(false);
  await page.getByRole('radio', { name: 'Before/after' }).check();
  for (const side of ['before', 'after'])
    await graph.expectInPane(
      page.getByRole('region', { name: new RegExp(`^Graph, ${side}`) }).locator(`[data-node="${name}"]`),
    );
});

test('the search finds names, types and shapes, marks what it found, and goes there by keys alone', async ({
  page,
  studio,
}) => {
  const graph = await openBig(studio, MIDDLE);
  await page.keyboard.press('/');
  await expect(graph.search).toBeFocused();
  await page.keyboard.type('blocks_7_fc2');
  await expect(graph.found).toHaveCount(5);
  await page.keyboard.press('Enter');
  const first = studio.node('stages_0_blocks_7_fc2');
  await expect(first).toHaveAttribute('aria-pressed', 'true');
  await expect(first).toHaveAttribute('data-hit', '');
  await graph.expectInPane(first);
  await page.keyboard.press('ArrowDown');
  await expect(studio.node('stages_1_blocks_7_fc2')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('.search-count')).toHaveText('2 of 5');

  expect(await violations(page, '.canvas')).toEqual([]);
  await graph.search.fill('tanh [n, 4]');
  await expect(graph.found).toHaveCount(40);
  // A long list has what was found beside it or under it.
  await page.keyboard.press('ArrowDown');
  const found = page.locator('[data-node][aria-pressed=true]').first();
  await graph.expectInPane(found);
  expect(await graph.isUnderList(found)).toBe(false);
  await page.keyboard.press('Escape');
  await expect(graph.search).toHaveCount(0);
  await expect(page.locator('[data-hit]')).toHaveCount(0);
});

test('a path is followed, the rest stands back or goes; arrow keys walk along the edges', async ({
  page,
  studio,
}) => {
  const graph = new GraphViewPage(page);
  await studio.open({ sample: 'transformer', backend: 'cpu' });
  await studio.expectStep('load', 'done');
  await studio.node('embed').focus();
  await page.keyboard.press('ArrowDown');
  await expect(studio.node('add')).toBeFocused();
  await expect(studio.node('add')).toHaveAttribute('aria-pressed', 'true');
  for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowDown');
  const focused = page.locator('[data-node]:focus');
  await graph.expectInPane(focused);
  await page.keyboard.press('ArrowUp');
  await graph.expectInPane(focused);

  await studio.inspect('embed');
  await page.getByRole('button', { name: 'Path: to inputs' }).click();
  await expect(graph.pathBar).toContainText('embed');
  await graph.pathBar.getByRole('checkbox', { name: 'Hide the others' }).check();
  await expect(page.locator('[data-node]')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(graph.pathBar).toHaveCount(0);
  await expect(studio.node('add')).toHaveCount(1);

  await expect(graph.minimap).toBeVisible();
  await graph.button('Minimap').click();
  await expect(graph.minimap).toHaveCount(0);
});

test('the graph that is drawn is not laid out again by the groups of the model that comes next', async ({
  page,
  studio,
}) => {
  await openBig(studio, { nodes: 3000, flow: 'residual', named: true });
  await expect(page.locator('.flow-node').first()).toBeVisible();
  const layouts: string[] = [];
  page.on('worker', (worker) => worker.url().includes('layoutWorker') && layouts.push(worker.url()));
  const buffer = Buffer.from(bigModel({ nodes: 600, flow: 'chain', named: false }));
  await studio.openModel({ name: 'next.onnx', mimeType: 'application/octet-stream', buffer });
  await expect(page.locator('[data-group^="block 1"]').first()).toBeVisible();
  // A layout that nobody waits for is ended with its worker, and the next one needs another.
  expect(layouts).toEqual([]);
});

test('a model of flat names is drawn by the blocks that it repeats', async ({ page, studio }) => {
  const graph = await openBig(studio, { nodes: 200, flow: 'residual', named: false });
  const run = graph.group('block 1 … block 40');
  await expect(run).toHaveAttribute('aria-expanded', 'true');
  const seventh = graph.group('block 7');
  await expect(seventh).toHaveAccessibleName(/group of 5 nodes, the same as block 1/);
  await graph.button('Close all groups').click();
  await expect(run).toHaveAccessibleName(/group of 200 nodes, 40 equal blocks/);

  // What a pass inserts stands in the block of what it belongs to.
  await studio.run('Prepare');
  await expect(run).toHaveAccessibleName(/\d+ added/);
  await run.press('Enter');
  // It may stand outside of the pane.
  await seventh.press('Enter');
  await expect(seventh).toHaveAttribute('aria-expanded', 'true');
  await expect(page.locator('[data-node][data-change="added"]').first()).toBeVisible();
});

test('more than ten thousand changes: a list that scrolls, a film that can be waited for and left', async ({
  page,
  studio,
}) => {
  const graph = await openBig(studio, { nodes: 3500, flow: 'residual', named: true });
  await studio.run('Prepare');
  const list = page.locator('.changes');
  const position = page.locator('.transport-position');
  const count = Number(await page.getByRole('slider', { name: 'Timeline' }).getAttribute('max'));
  expect(count).toBeGreaterThan(10_000);
  expect(await list.locator('.change').count()).toBeLessThan(150);
  await list.hover();
  const scrolling = await graph.frameTimes(40, async () => {
    for (let step = 0; step < 20; step++) await page.mouse.wheel(0, 400);
  });
  console.log(`${count} changes scrolled, in ms: ${JSON.stringify(scrolling)}`);
  expect(scrolling.median).toBeLessThan(100);
  expect(scrolling.p95).toBeLessThan(500);

  // A fast machine may be done before there is anything to cancel.
  const cancel = page.getByRole('button', { name: 'Cancel playback' });
  const played = position.filter({ hasText: /^change/ });
  await page.getByRole('button', { name: 'Previous change', exact: true }).click();
  await expect(cancel.or(played)).toBeVisible();
  // Found and pressed in one go: the button leaves with the wait.
  const pressed = await cancel.evaluateAll((buttons) => {
    for (const button of buttons) if (button instanceof HTMLElement) button.click();
    return buttons.length;
  });
  if (pressed > 0) {
    await expect(cancel).toHaveCount(0);
    // The film may have come while the button was on its way.
    const left = position.filter({ hasText: new RegExp(`^${grouped(count)} changes$`) });
    await expect(left.or(played)).toBeVisible();
    if (await left.isVisible())
      await page.getByRole('button', { name: 'Previous change', exact: true }).click();
  }
  await expect(position).toHaveText(`change ${grouped(count - 1)} of ${grouped(count)}`, { timeout: 60_000 });
  await expect(list.locator('.change.current')).toBeVisible();

  // One tab stop, wherever the list is.
  await expect(list.locator('.change[tabindex="0"]')).toHaveCount(1);
  await list.locator('.change.current').focus();
  await page.keyboard.press('Home');
  await expect(list.locator('[data-number="1"]')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(position).toHaveText(`change 2 of ${grouped(count)}`);
});

test('five thousand nodes: drawn soon, all of them open, panned and zoomed without stutter', async ({
  page,
  studio,
}) => {
  const graph = await openBig(studio, { nodes: 5000, flow: 'residual', named: true });
  const parsed = Date.now();
  await expect(page.locator('[data-group]').first()).toBeVisible();
  const drawn = Date.now() - parsed;

  const opening = Date.now();
  await graph.button('Open all groups').click();
  await expect(page.locator('[data-node^="stages_"]').first()).toBeAttached({ timeout: 60_000 });
  const opened = Date.now() - opening;
  const near = await graph.frameTimes(40, () => graph.drag());

  await graph.button('Show the whole graph').click();
  await expect(page.locator('.far-view')).toBeVisible();
  const far = await graph.frameTimes(40, () => graph.drag());
  const zoom = await graph.frameTimes(40, async () => {
    for (let step = 0; step < 20; step++) await page.mouse.wheel(0, -40);
  });
  const figures = { drawn, opened, near, far, zoom };
  console.log(
    `5,000 nodes, in ms: ${JSON.stringify(figures, (_, value) => (typeof value === 'number' ? Math.round(value) : value))}`,
  );
  // Three times what is promised: other work may share the machine.
  expect(drawn).toBeLessThan(6000);
  expect(opened).toBeLessThan(15_000);
  for (const { median, p95 } of [near, far, zoom]) {
    expect(median).toBeLessThan(100);
    expect(p95).toBeLessThan(300);
  }
});

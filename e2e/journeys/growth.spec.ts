import { chromium, type Page } from '@playwright/test';
import { z } from 'zod';
import { args, executablePath } from '../chromium';
import { expect, test } from '../fixtures';
import { keepGpus, openBuffers } from '../gpuFaults';
import { StudioPage } from '../pages/studioPage';

/** Of page and workers, in bytes, after a collection of garbage; the page is isolated, so the browser tells it. */
async function heap(page: Page): Promise<number> {
  const measured = await page.evaluate(() =>
    (
      performance as unknown as { measureUserAgentSpecificMemory(): Promise<unknown> }
    ).measureUserAgentSpecificMemory(),
  );
  return z.object({ bytes: z.number() }).parse(measured).bytes;
}

/** Four steps run anew, then eight taken back and eight done again. */
const ROUND = 20;
const ROUNDS = 10;
const WAYS = [3, 3, 2] as const;

/** In the order in which they are taken back. */
const LAST = ['convert', 'equalize', 'calibrate'] as const;

async function goAround(studio: StudioPage): Promise<void> {
  for (const name of ['Prepare', 'Calibrate', 'Equalize', 'Convert'] as const) await studio.run(name);
  for (const way of WAYS) {
    for (const step of LAST.slice(0, way)) {
      await studio.page.keyboard.press('Control+z');
      await studio.expectStep(step, 'todo');
    }
    for (const step of LAST.slice(0, way).toReversed()) {
      await studio.page.keyboard.press('Control+Shift+z');
      await studio.expectStep(step, 'done');
    }
  }
}

// Without this flag the browser measures when it pleases, which may be after 20 s.
test('200 steps back and forth: neither the heaps nor the buffers of the GPU grow with them', async ({
  baseURL,
}) => {
  test.slow();
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: [...args, '--enable-blink-features=ForceEagerMeasureMemory'],
  });
  try {
    const page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage();
    await keepGpus(page);
    const studio = new StudioPage(page);
    await page.goto(`${baseURL ?? ''}/?backend=webgpu&sample=linear2`);
    await studio.expectStep('load', 'done');
    await expect(page.getByTestId('backend')).toHaveText(/^WebGPU/);
    for (let round = 0; round < 2; round++) await goAround(studio);
    const [buffers, bytes] = [await openBuffers(page), await heap(page)];
    for (let round = 0; round < ROUNDS; round++) await goAround(studio);
    const after = { buffers: await openBuffers(page), bytes: await heap(page) };
    console.log(
      `${ROUND * ROUNDS} steps: buffers ${buffers} → ${after.buffers}, heaps ${bytes} → ${after.bytes} bytes`,
    );
    await expect(page.getByTestId('backend')).toHaveText(/^WebGPU/);
    expect(buffers).toBeGreaterThan(0);
    expect(after.buffers).toBeLessThanOrEqual(buffers);
    // The history keeps its last hundred states, a few kilobytes each.
    expect(after.bytes - bytes).toBeLessThan(8 * 2 ** 20);
  } finally {
    await browser.close();
  }
});

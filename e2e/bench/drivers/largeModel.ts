import { type Browser, chromium, type Page } from '@playwright/test';
import { args } from '../../chromium';
import type { LargeModelFiles } from '../models/largeModel';
import { watchMemory } from './processMemory';

const STEP_TIMEOUT = 300_000;

/** What a part of the work on a large model took; bytes are the page's peak above what it held before the model. */
export interface PartMeasured {
  readonly part: LargePart;
  readonly ms: number;
  readonly bytes: number;
}

export type LargePart = 'open' | 'calibrate' | 'equalize' | 'export';

async function waitForStep(page: Page, step: string): Promise<void> {
  const done = page.locator(`[data-step=${step}][data-state=done]`);
  const alert = page.getByRole('alert').first();
  await done.or(alert).first().waitFor({ timeout: STEP_TIMEOUT });
  if (await alert.isVisible()) throw new Error(await alert.innerText());
}

async function clickStep(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  await waitForStep(page, name.toLowerCase());
}

async function exportModel(page: Page, path: string): Promise<void> {
  await page.getByRole('button', { name: 'Export' }).click();
  const downloaded = page.waitForEvent('download', { timeout: STEP_TIMEOUT });
  await page.getByRole('menuitem', { name: 'Model (.onnx)', exact: true }).click();
  await (await downloaded).saveAs(path);
}

const WORK: Readonly<Record<LargePart, (page: Page, files: LargeModelFiles) => Promise<void>>> = {
  open: async (page, files) => {
    await page.getByTestId('model-files').setInputFiles([files.model, files.data]);
    await waitForStep(page, 'load');
  },
  calibrate: async (page, files) => {
    await page.getByTestId('calibration-files').setInputFiles(files.calibration);
    await clickStep(page, 'Calibrate');
  },
  equalize: (page) => clickStep(page, 'Equalize'),
  export: (page, files) => exportModel(page, `${files.model}.exported`),
};

async function drive(browser: Browser, url: string, files: LargeModelFiles, parts: readonly LargePart[]) {
  const context = await browser.newContext({ serviceWorkers: 'block', acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(`${url}?backend=wasm`);
  await page.getByTestId('backend').waitFor();
  await page.waitForLoadState('networkidle');
  const memory = await watchMemory(page);
  const measured: PartMeasured[] = [];
  try {
    for (const part of parts) {
      memory.take();
      const start = performance.now();
      await WORK[part](page, files);
      measured.push({ part, ms: performance.now() - start, bytes: memory.take() });
    }
  } finally {
    memory.stop();
  }
  return measured;
}

/** Drives the studio with a large model, part by part, and says what each took. */
export async function measureLargeModel(
  executablePath: string,
  url: string,
  files: LargeModelFiles,
  parts: readonly LargePart[],
): Promise<readonly PartMeasured[]> {
  const browser = await chromium.launch({ executablePath, args: [...args] });
  try {
    return await drive(browser, url, files, parts);
  } finally {
    await browser.close();
  }
}

import { test as base, expect, type Page } from '@playwright/test';
import { StudioPage } from './pages/studioPage';
import { watchWorkers } from './workerLog';

/** Browsers log WebGPU's errors as warnings: a broken shader must not pass for one. */
const ABOUT_GPU = /webgpu|wgsl|\bgpu|shader|compute ?pipeline|bind ?group|while calling \[/i;

interface Options {
  /** Console errors that a test provokes on purpose. */
  readonly allowedProblems: readonly RegExp[];
}
interface Fixtures {
  readonly studio: StudioPage;
  readonly problems: string[];
}
interface WorkerFixtures {
  readonly adapter: string;
}

function watchPage(page: Page, problems: string[]): void {
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('crash', () => problems.push('the page crashed'));
  page.on('console', (message) => {
    const type = message.type();
    const text = message.text();
    if (type === 'error' || (type === 'warning' && ABOUT_GPU.test(text))) problems.push(`${type}: ${text}`);
  });
}

/**
 * Every test fails on an error in the console, of the page or of its workers, on an uncaught error, and on
 * whatever WebGPU complains of. A browser without a WebGPU adapter fails all tests, it skips none.
 */
export const test = base.extend<Options & Fixtures, WorkerFixtures>({
  allowedProblems: [[], { option: true }],

  adapter: [
    async ({ browser }, use, workerInfo) => {
      const page = await browser.newPage();
      await page.goto(`${workerInfo.project.use.baseURL}/samples/index.json`);
      const adapter = await page.evaluate(async () => {
        const found = await navigator.gpu?.requestAdapter();
        return found ? `${found.info.vendor} ${found.info.architecture}` : null;
      });
      await page.close();
      if (adapter === null)
        throw new Error('This browser gives no WebGPU adapter, and the journeys must run on WebGPU.');
      await use(adapter);
    },
    { scope: 'worker', auto: true },
  ],

  problems: [
    async ({ page, allowedProblems }, use) => {
      const problems: string[] = [];
      watchPage(page, problems);
      await watchWorkers(page, (level, text) => {
        if (level === 'error' || ABOUT_GPU.test(text)) problems.push(`worker ${level}: ${text}`);
      });
      await use(problems);
      const unexpected = problems.filter((text) => !allowedProblems.some((allowed) => allowed.test(text)));
      expect(unexpected, 'console errors and WebGPU complaints').toEqual([]);
    },
    { auto: true },
  ],

  studio: async ({ page }, use) => use(new StudioPage(page)),
});

export { expect };

import { test as base, expect, type Page, type Request } from '@playwright/test';
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

/** blob: and data: are the page's own. */
const isForeign = (url: string, origin: string): boolean =>
  /^(https?|wss?|ftp):/.test(url) && new URL(url).origin !== origin;

function watchPage(page: Page, origin: string, problems: string[]): void {
  const left = (request: Request) => {
    if (isForeign(request.url(), origin)) problems.push(`a request to another origin: ${request.url()}`);
  };
  page.on('requestfinished', left);
  page.on('requestfailed', (request) => {
    // What the policy stopped has not left the page, and is an error on the console.
    if (request.failure()?.errorText !== 'csp') left(request);
  });
  page.on('websocket', (socket) => problems.push(`a web socket: ${socket.url()}`));
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('crash', () => problems.push('the page crashed'));
  page.on('console', (message) => {
    const type = message.type();
    const text = message.text();
    if (type === 'error' || (type === 'warning' && ABOUT_GPU.test(text))) problems.push(`${type}: ${text}`);
  });
}

/**
 * Every test fails on an error in the console, of the page or of its workers (what the Content-Security-Policy stops
 * is one), on an uncaught error, on a request to another origin, and on whatever WebGPU complains of. A browser without a WebGPU adapter fails all tests, it skips none.
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
    async ({ page, allowedProblems, baseURL }, use) => {
      const problems: string[] = [];
      watchPage(page, new URL(baseURL ?? '').origin, problems);
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

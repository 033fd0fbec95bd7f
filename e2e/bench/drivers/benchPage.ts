import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from '@playwright/test';
import type * as Comlink from 'comlink';
import { build, preview } from 'vite';
import { isolation } from '../../../build/headers';
import { threadedWasm } from '../../../build/threadedWasm';
import { args } from '../../chromium';
import type { BenchWorker } from '../page/worker';
import { canMeasureMemory, watchMemory } from './processMemory';

const ROOT = fileURLToPath(new URL('../page', import.meta.url));
const OUT = fileURLToPath(new URL('../../../node_modules/.bench', import.meta.url));

/** Builds the bench's own page as the studio is built, so that what is measured is what ships. */
export async function buildBenchPage(): Promise<void> {
  await build({
    configFile: false,
    root: ROOT,
    base: '/',
    logLevel: 'error',
    plugins: [threadedWasm],
    worker: { format: 'es', plugins: () => [threadedWasm] },
    build: { outDir: OUT, emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 4000 },
  });
}

type Work<T, A> = (bench: Comlink.Remote<BenchWorker>, argument: A) => Promise<T>;

/** The page, and the folder whose files its worker may fetch. */
export interface BenchPage {
  readonly folder: string;
  /** Calls the worker, in a browser of its own: nothing that ran before is in its way. */
  call<T, A = undefined>(work: Work<T, A>, argument: A): Promise<T>;
  /** And says what memory the page took at most above what it held before; null where that cannot be measured. */
  callWatched<T, A>(
    work: Work<T, A>,
    argument: A,
  ): Promise<{ readonly value: T; readonly peak: number | null }>;
  close(): Promise<void>;
}

function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // WebGPU reports invalid shaders as warnings.
    if (message.type() === 'error' || /webgpu|wgsl|dawn/i.test(message.text())) errors.push(message.text());
  });
  return errors;
}

async function openPage(browser: Browser, url: string) {
  const page = await browser.newPage();
  const errors = errorsOf(page);
  await page.goto(url);
  await page.waitForFunction(() => window.bench !== undefined);
  const call = async <T, A>(work: Work<T, A>, argument: A): Promise<T> => {
    const given = JSON.stringify(argument) ?? 'undefined';
    const result = (await page.evaluate(`(${work.toString()})(window.bench, ${given})`)) as T;
    if (errors.length > 0) throw new Error(`The page reported: ${errors.join('; ')}`);
    return result;
  };
  return { page, call };
}

/** Serves the page that `buildBenchPage` made, cross-origin isolated as the studio is. */
export async function openBenchPage(executablePath: string): Promise<BenchPage> {
  const server = await preview({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    build: { outDir: OUT },
    preview: { port: 0, host: '127.0.0.1', headers: isolation },
  });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('internal: the server has no address.');
  const inBrowser = async <T>(work: (browser: Browser) => Promise<T>): Promise<T> => {
    const browser = await chromium.launch({ executablePath, args: [...args] });
    try {
      return await work(browser);
    } finally {
      await browser.close();
    }
  };
  return {
    folder: OUT,
    call: (work, argument) =>
      inBrowser(async (browser) => (await openPage(browser, url)).call(work, argument)),
    callWatched: (work, argument) =>
      inBrowser(async (browser) => {
        const { page, call } = await openPage(browser, url);
        if (!canMeasureMemory()) return { value: await call(work, argument), peak: null };
        const memory = await watchMemory(page);
        try {
          return { value: await call(work, argument), peak: memory.take() };
        } finally {
          memory.stop();
        }
      }),
    close: () => server.close(),
  };
}

import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test';
import { args } from '../../chromium';

/** What a first visit transfers until the page can be used: the welcome page is there and the engine has its device. */
export interface FirstVisit {
  readonly bytes: number;
  /** The files that weigh most. */
  readonly largest: readonly { readonly file: string; readonly bytes: number }[];
}

/** Adds up what the network gave to the page and, each a target of its own, to its workers. */
async function watchTargets(page: Page) {
  const session = await page.context().newCDPSession(page);
  const files = new Map<string, number>();
  const listen = async (target: CDPSession) => {
    const names = new Map<string, string>();
    target.on('Network.responseReceived', ({ requestId, response }) => names.set(requestId, response.url));
    target.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const url = names.get(requestId) ?? '';
      if (url.startsWith('http')) files.set(url, (files.get(url) ?? 0) + encodedDataLength);
    });
    await target.send('Network.enable');
  };
  await listen(session);
  return files;
}

async function visit(browser: Browser, url: string): Promise<FirstVisit> {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const files = await watchTargets(page);
  // What workers load is not seen by the page's own session, but by the context's requests.
  const byWorkers: Promise<void>[] = [];
  context.on('requestfinished', (request) => {
    if (request.serviceWorker() || !request.url().startsWith('http')) return;
    byWorkers.push(
      request.sizes().then(({ responseBodySize, responseHeadersSize }) => {
        const known = files.get(request.url());
        if (known === undefined) files.set(request.url(), responseBodySize + responseHeadersSize);
      }),
    );
  });
  await page.goto(url);
  await page.getByTestId('model-files').waitFor({ state: 'attached' });
  await page.getByTestId('backend').waitFor();
  await page.waitForLoadState('networkidle');
  await Promise.all(byWorkers);
  await context.close();
  const sizes = [...files].map(([address, bytes]) => ({ file: new URL(address).pathname, bytes }));
  const largest = sizes.toSorted((a, b) => b.bytes - a.bytes).slice(0, 30);
  return { bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0), largest };
}

/** Visits the studio once with an empty cache. */
export async function measureFirstVisit(executablePath: string, url: string): Promise<FirstVisit> {
  const browser = await chromium.launch({ executablePath, args: [...args] });
  try {
    return await visit(browser, url);
  } finally {
    await browser.close();
  }
}

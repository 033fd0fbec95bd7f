import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { FirefoxStudio } from './firefoxStudio';

interface Fixtures {
  readonly downloads: string;
  readonly browserPage: Page;
  readonly problems: string[];
  /** Addresses of everything that the page and its workers asked for. */
  readonly requests: string[];
  readonly studio: FirefoxStudio;
}

/** Unpatched, over WebDriver BiDi, with a profile of its own that goes when it ends. */
const launch = (downloads: string): Promise<Browser> => {
  const executablePath = process.env.FIREFOX_PATH ?? '/usr/bin/firefox-esr';
  return puppeteer.launch({
    browser: 'firefox',
    protocol: 'webDriverBiDi',
    executablePath,
    headless: true,
    timeout: 120_000,
    protocolTimeout: 120_000,
    defaultViewport: { width: 1280, height: 800 },
    extraPrefsFirefox: {
      'browser.download.folderList': 2,
      'browser.download.dir': downloads,
      'browser.download.useDownloadDir': true,
    },
  });
};

/** blob: and data: are the page's own. */
const isForeign = (url: string, origin: string): boolean =>
  /^(https?|wss?|ftp):/.test(url) && new URL(url).origin !== origin;

/** What the policy stops reaches no console that BiDi hears of: the page itself says it there. */
const reportViolations = () =>
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    console.error(`the policy stopped ${effectiveDirective} ${blockedURI}`),
  );

/** Every test fails on an error in the console, an uncaught one, what the policy stops, a request to another origin. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs off the pattern.
  downloads: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'studio-firefox-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
  browserPage: async ({ downloads }, use, info) => {
    const browser = await launch(downloads);
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    await page.evaluateOnNewDocument(reportViolations);
    await use(page);
    if (info.status !== info.expectedStatus)
      await page.screenshot({ path: info.outputPath('page.png') as `${string}.png` });
    await browser.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  requests: async ({}, use) => use([]),
  problems: [
    async ({ browserPage: page, requests, baseURL }, use) => {
      const { origin } = new URL(baseURL ?? '');
      const problems: string[] = [];
      page.on('request', (request) => {
        requests.push(request.url());
        if (isForeign(request.url(), origin)) problems.push(`a request to another origin: ${request.url()}`);
      });
      page.on('pageerror', (error) => problems.push(`uncaught: ${error}`));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(`console: ${message.text()}`);
      });
      await use(problems);
      expect(problems, 'console errors, violations and foreign requests').toEqual([]);
    },
    { auto: true },
  ],
  studio: async ({ browserPage, downloads, baseURL }, use) =>
    use(new FirefoxStudio(browserPage, downloads, baseURL ?? '')),
});

export { expect };

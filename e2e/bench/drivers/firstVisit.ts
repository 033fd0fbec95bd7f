import { type Browser, chromium } from '@playwright/test';
import { args } from '../../chromium';
import type { Site } from './studioSite';

/**
 * Bytes that a first visit transfers until the page is at rest, with no model open. They are counted where they are sent,
 * since a browser does not tell all that its workers load. The service worker, which then keeps the page for use offline, is
 * left out.
 */
export async function measureFirstVisit(executablePath: string, site: Site): Promise<number> {
  const browser = await chromium.launch({ executablePath, args: [...args] });
  try {
    return await visit(browser, site);
  } finally {
    await browser.close();
  }
}

async function visit(browser: Browser, { url, sent }: Site): Promise<number> {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const before = sent();
  await page.goto(url);
  await page.getByTestId('model-files').waitFor({ state: 'attached' });
  await page.getByTestId('backend').waitFor();
  await page.waitForLoadState('networkidle');
  return sent() - before;
}

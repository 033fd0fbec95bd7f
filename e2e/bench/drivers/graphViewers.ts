import { type Browser, chromium, type Page } from '@playwright/test';
import { args } from '../../chromium';
import { drawnAfter, type Viewer, watchDrawing } from './watchDrawing';

const LIMIT_MS = 60_000;
const VIEWPORT = { width: 1280, height: 800 };

/** A fresh page of a viewer, at rest. Netron's policy forbids what Playwright's own queries need. */
async function openViewer(
  browser: Browser,
  viewer: Viewer,
  url: string,
  awaited: 'drawn' | 'answers',
): Promise<Page> {
  const context = await browser.newContext({ bypassCSP: true, viewport: VIEWPORT, serviceWorkers: 'block' });
  // Netron asks for consent to its cookies before anything else.
  await context.addCookies([{ name: 'consent', value: '1', url }]);
  const page = await context.newPage();
  await watchDrawing(page, viewer[awaited]);
  await page.goto(url);
  await page.locator(viewer.ready).first().waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
  return page;
}

async function openFile(page: Page, viewer: Viewer, file: string): Promise<number> {
  await page.locator(viewer.input).setInputFiles(file);
  return drawnAfter(page, LIMIT_MS);
}

async function inBrowser<T>(executablePath: string, work: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({ executablePath, args: [...args] });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** Milliseconds from a file on the disk to its drawn graph, or to one that can be clicked, in a fresh page. */
export const measureFirstGraph = (
  executablePath: string,
  viewer: Viewer,
  url: string,
  file: string,
  awaited: 'drawn' | 'answers',
): Promise<number> =>
  inBrowser(executablePath, async (browser) =>
    openFile(await openViewer(browser, viewer, url, awaited), viewer, file),
  );

const GESTURE_MS = 2500;

/** Moves the pointer to and fro with the button held, then turns the wheel with Ctrl in and out. */
async function panAndZoom(page: Page, viewer: Viewer): Promise<void> {
  const box = await page.locator(viewer.pane).first().boundingBox();
  if (!box) throw new Error(`${viewer.name} has no pane to move.`);
  const [x, y] = [box.x + box.width * 0.75, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  const until = Date.now() + GESTURE_MS;
  for (let i = 0; Date.now() < until; i++)
    await page.mouse.move(x + 60 * Math.sin(i / 5), y - ((i * 7) % 240));
  await page.mouse.up();
  await page.keyboard.down('Control');
  const end = Date.now() + GESTURE_MS;
  for (let i = 0; Date.now() < end; i++) await page.mouse.wheel(0, i % 20 < 10 ? 40 : -40);
  await page.keyboard.up('Control');
}

/** What a display shows is whole refreshes apart; the browser's clock gives them to a few tenths of a millisecond. */
const REFRESH_MS = 1000 / 60;
const inRefreshes = (ms: number): number => REFRESH_MS * Math.max(1, Math.round(ms / REFRESH_MS));

/** The 95th percentile of the times between frames, in ms, while the graph of a file is moved for five seconds. */
export const measureFrames = (
  executablePath: string,
  viewer: Viewer,
  url: string,
  file: string,
): Promise<number> =>
  inBrowser(executablePath, async (browser) => {
    const page = await openViewer(browser, viewer, url, 'answers');
    await openFile(page, viewer, file);
    await page.waitForTimeout(2000);
    await page.evaluate(() => {
      const frames: number[] = [];
      Object.assign(window, { frames });
      const tick = (now: number) => {
        frames.push(now);
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    });
    await panAndZoom(page, viewer);
    const frames = await page.evaluate(() => (window as unknown as { frames: number[] }).frames);
    const times = frames.slice(1).map((now, i) => inRefreshes(now - (frames[i] ?? now)));
    return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN;
  });

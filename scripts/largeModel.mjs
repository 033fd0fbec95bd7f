// A model of half a gigabyte in the real page: how much memory opening, calibrating, equalizing and exporting take.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

/** 15 blocks of two Linear 2048 × 2048: 503 million bytes of float32. */
const SIZES = { blocks: 15, width: 2048, rows: 8 };
/** Peak memory of the page over the size of the model. */
const MAX_RATIO = 1.5;
const SAMPLE_MS = 25;
const STEP_TIMEOUT = 300_000;

/** Bytes of a process that are its own: anonymous memory (heaps, WASM) and shared memory that it maps (Blobs). */
function ownBytes(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
  return (kilobytes('RssAnon') + kilobytes('RssShmem')) * 1024;
}

async function rendererOf(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  // The page's is the largest: others are spare.
  return renderers.toSorted((a, b) => ownBytes(b) - ownBytes(a))[0];
}

/** Watches a process; `peak` is the most that it held since the last `restart`. */
function watchMemory(pid) {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, ownBytes(pid));
  };
  const timer = setInterval(look, SAMPLE_MS);
  return {
    take: () => {
      look();
      const seen = peak;
      peak = 0;
      return seen;
    },
    stop: () => clearInterval(timer),
  };
}

async function waitForStep(page, step) {
  const row = page.locator(`li[data-step=${step}], [role=listitem][data-step=${step}]`);
  const alert = page.getByRole('alert').first();
  const done = row.and(page.locator('[data-state=done]'));
  await done.or(alert).first().waitFor({ timeout: STEP_TIMEOUT });
  if (await alert.isVisible()) throw new Error(await alert.innerText());
}

async function clickStep(page, name) {
  await page.getByRole('button', { name, exact: true }).click();
  await waitForStep(page, name.toLowerCase());
}

async function exportModel(page, path) {
  await page.getByRole('button', { name: 'Export' }).click();
  const downloaded = page.waitForEvent('download', { timeout: STEP_TIMEOUT });
  await page.getByRole('menuitem', { name: 'Model (.onnx)', exact: true }).click();
  await (await downloaded).saveAs(path);
}

/** Name and work of every part that is timed. */
const PARTS = [
  [
    'open',
    async (page, files) => {
      await page.getByTestId('model-files').setInputFiles([files.model, files.data]);
      await waitForStep(page, 'load');
      await page.getByTestId('calibration-files').setInputFiles(files.calibration);
    },
  ],
  ['calibrate', (page) => clickStep(page, 'Calibrate')],
  ['equalize', (page) => clickStep(page, 'Equalize')],
  ['export', (page, files) => exportModel(page, files.exported)],
];

async function drive(browser, url, files) {
  const page = await browser.newPage({ acceptDownloads: true });
  page.on('crash', () => console.error('The page crashed.'));
  await page.goto(`${url}?backend=wasm`);
  await page.getByText('WASM').first().waitFor();
  await page.waitForTimeout(1000);
  const pid = await rendererOf(browser);
  const baseline = ownBytes(pid);
  const memory = watchMemory(pid);
  const parts = [];
  try {
    for (const [name, work] of PARTS) {
      memory.take();
      const start = performance.now();
      await work(page, files);
      parts.push({ name, ms: performance.now() - start, bytes: memory.take() - baseline });
    }
  } finally {
    memory.stop();
  }
  return parts;
}

/** A row of the table for every part; none where nothing was measured. */
export const largeModelCells = (measured) =>
  (measured?.parts ?? []).map(({ name, ms, bytes }) => {
    const ratio = bytes / measured.bytes;
    return [
      name,
      'wasm',
      `${(ms / 1000).toFixed(1)} s`,
      `${Math.round(bytes / 1e6)} MB`,
      `${ratio.toFixed(2)}×`,
      `≤ ${MAX_RATIO}×`,
      ratio <= MAX_RATIO ? 'ok' : 'FAILED',
    ];
  });

/** Serves the built page, drives it with the model, and says what each part took; null where there is no /proc. */
export async function measureLargeModel(executablePath, args, writeLargeModel) {
  if (!existsSync('/proc/self/status')) return null;
  const { preview } = await import('vite');
  const { chromium } = await import('@playwright/test');
  const folder = mkdtempSync(join(tmpdir(), 'large-model-'));
  const server = await preview({ root: ROOT, logLevel: 'error', preview: { port: 0, host: '127.0.0.1' } });
  const browser = await chromium.launch({ executablePath, args });
  try {
    const files = { ...writeLargeModel(folder, SIZES), exported: join(folder, 'exported.onnx') };
    const parts = await drive(browser, server.resolvedUrls.local[0], files);
    return { bytes: files.bytes, exported: statSync(files.exported).size, parts };
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

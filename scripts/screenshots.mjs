// `npm run screenshots`: draws every screen of the studio in the sizes and colour schemes that it is made for, into
// docs/screenshots. At 1280 the whole set, at the other sizes the three screens that the size changes most.

import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findBrowser } from './browser.mjs';
import { build } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { fail, ROOT, requireNode } from './run.mjs';

const FOLDER = join(ROOT, 'docs', 'screenshots');
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 768, height: 1024 },
];
const SCHEMES = ['light', 'dark'];
/** What the folder may take in the repository. */
const MAX_BYTES = 3 * 1024 * 1024;
/** Of WebP, from 0 to 1: letters stay sharp, and a screen takes some 50 kB. */
const QUALITY = 0.58;
const TIMEOUT_MS = 120_000;

const button = (page, name) => page.getByRole('button', { name, exact: true });
const tab = (page, name) => page.getByRole('tab', { name, exact: true }).click();
const pressEscape = (page) => page.keyboard.press('Escape');

async function finish(page, step) {
  await button(page, step).click();
  await page.locator(`[data-step=${step.toLowerCase()}][data-state=done]`).waitFor();
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
}

async function openMenu(page, name, item) {
  await button(page, name).click();
  await page.getByRole('menuitem', { name: item, exact: true }).waitFor();
}

/**
 * The screens in the order in which one session comes by them. `everywhere`: at each size. Each leaves the page as the
 * next one expects it.
 */
const SCREENS = [
  { name: 'first-page', everywhere: true, show: (page) => page.locator('.card').nth(2).waitFor() },
  {
    name: 'tour',
    show: (page) => page.getByRole('button', { name: /^Take the tour/ }).click(),
    leave: (page) => button(page, 'Skip the tour').click(),
  },
  {
    name: 'prepared',
    show: async (page) => {
      await button(page, 'Handwritten digits').click();
      await page.locator('[data-step=load][data-state=done]').waitFor();
      await page.getByRole('progressbar').waitFor({ state: 'detached' });
      await finish(page, 'Prepare');
    },
  },
  { name: 'converted', everywhere: true, show: (page) => finish(page, 'Convert') },
  {
    name: 'layer',
    everywhere: true,
    show: async (page) => {
      await page.locator('[data-node="linear1"]').first().click();
      await page.getByRole('heading', { name: 'linear1', exact: true }).waitFor();
    },
  },
  {
    name: 'before-after',
    show: (page) => page.getByRole('radio', { name: 'Before/after' }).check(),
    leave: (page) => page.getByRole('radio', { name: 'Single' }).check(),
  },
  {
    name: 'outline',
    show: (page) => button(page, 'Outline').click(),
    leave: (page) => button(page, 'Close the outline').click(),
  },
  { name: 'results', show: (page) => tab(page, 'Results') },
  { name: 'methods', show: (page) => tab(page, 'Methods') },
  { name: 'fx-text', show: (page) => tab(page, 'FX text'), leave: (page) => tab(page, 'Layers') },
  { name: 'palette', show: (page) => page.keyboard.press('Control+k'), leave: pressEscape },
  { name: 'keys', show: (page) => page.keyboard.press('?'), leave: pressEscape },
  { name: 'glossary', show: (page) => openDialog(page, 'Glossary'), leave: pressEscape },
  { name: 'ways', show: (page) => openDialog(page, 'How to bring a model'), leave: pressEscape },
  { name: 'export', show: (page) => openMenu(page, 'Export', 'Report (.json)'), leave: pressEscape },
  {
    name: 'error',
    show: async (page) => {
      const broken = { name: 'broken.onnx', mimeType: '', buffer: Buffer.from('no model') };
      await page.getByTestId('model-files').setInputFiles(broken);
      await page.getByRole('alert').waitFor();
    },
  },
];

async function openDialog(page, item) {
  await openMenu(page, 'Help', item);
  await page.getByRole('menuitem', { name: item, exact: true }).click();
  await page.getByRole('dialog', { name: item }).waitFor();
}

/** A PNG as WebP, by the browser itself: the repository needs no other tool for it. */
async function webpOf(tools, png) {
  const url = await tools.evaluate(
    async ([bytes, quality]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${bytes}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.width;
      canvas.height = image.height;
      canvas.getContext('2d').drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', quality);
    },
    [png.toString('base64'), QUALITY],
  );
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

/** Nothing moves any more: no animation, and the pointer rests where it points to nothing. */
async function settled(page) {
  await page.mouse.move(2, 2);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running'));
  await page.waitForTimeout(250);
}

async function drawSession(browser, tools, address, size, colorScheme) {
  const page = await browser.newPage({ viewport: size, colorScheme, reducedMotion: 'reduce' });
  page.setDefaultTimeout(TIMEOUT_MS);
  // Times of steps differ from run to run, and the backend from machine to machine: WASM runs everywhere.
  await page.goto(`${address}/?backend=wasm`);
  const isWhole = size === SIZES[0];
  for (const { name, everywhere, show, leave } of SCREENS) {
    if (name === 'tour' && !isWhole) continue;
    const isDrawn = isWhole || everywhere;
    if (!isDrawn && name !== 'prepared') continue;
    await show(page);
    if (isDrawn) {
      await settled(page);
      const file = `${name}-${size.width}-${colorScheme}.webp`;
      writeFileSync(join(FOLDER, file), await webpOf(tools, await page.screenshot()));
      console.log(file);
    }
    await leave?.(page);
  }
  await page.close();
}

/** A port that nobody uses. */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function serve() {
  const { preview } = await import('vite');
  const port = await freePort();
  const server = await preview({
    root: ROOT,
    logLevel: 'warn',
    preview: { port, strictPort: true, host: '127.0.0.1' },
  });
  return { address: `http://localhost:${port}`, close: () => server.httpServer.close() };
}

function checkSize() {
  const bytes = readdirSync(FOLDER).reduce((sum, file) => sum + statSync(join(FOLDER, file)).size, 0);
  console.log(`${(bytes / 1024 / 1024).toFixed(2)} MiB in docs/screenshots`);
  if (bytes > MAX_BYTES) fail(`docs/screenshots takes ${bytes} bytes, at most ${MAX_BYTES}: lower QUALITY.`);
}

requireNode();
await installDependencies();
if ((await build()) !== 0) fail('The build failed: see the messages above.');
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const { address, close } = await serve();
const browser = await chromium.launch({ executablePath: await findBrowser(), args: ['--no-sandbox'] });
const tools = await browser.newPage();
for (const colorScheme of SCHEMES)
  for (const size of SIZES) await drawSession(browser, tools, address, size, colorScheme);
await browser.close();
close();
checkSize();
process.exit(0);

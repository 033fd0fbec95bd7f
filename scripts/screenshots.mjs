// `npm run screenshots`: draws the screens of the studio that the repository keeps into docs/screenshots, as WebP.
// `npm run screenshots -- FOLDER [WORD]`: draws every screen in every size and colour scheme into FOLDER, as PNG, to be
// looked at; with a WORD only the sessions and sizes whose name has it.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { loadModule } from '../e2e/loadModule.mjs';
import { findBrowser } from './browser.mjs';
import { build } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { fail, ROOT, requireNode } from './run.mjs';
import { settled, webpOf } from './screenshots/camera.mjs';
import { DIGITS } from './screenshots/digits.mjs';
import { extremes } from './screenshots/extremes.mjs';
import { serve } from './screenshots/server.mjs';

const KEPT = join(ROOT, 'docs', 'screenshots');
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 768, height: 1024 },
];
const SCHEMES = ['light', 'dark'];
/** From here down the settings are behind a button (app/useWindowSize.ts). */
const NARROW = 1179;
/** What docs/screenshots may take in the repository. */
const MAX_BYTES = 3 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/** Where pictures go, and which are wanted: the kept ones, or every one. */
function album(folder, tools) {
  if (folder === undefined)
    return {
      folder: KEPT,
      wants: ({ kept = [], dark = [] }, { width }, scheme) =>
        (scheme === 'dark' ? dark : kept).includes(width),
      write: async (name, png) => writeFileSync(join(KEPT, `${name}.webp`), await webpOf(tools, png)),
    };
  const all = resolve(folder);
  return {
    folder: all,
    wants: () => true,
    write: async (name, png) => writeFileSync(join(all, `${name}.png`), png),
  };
}

/** A screen in each of the colour schemes: the page follows the system's, so one session is enough. */
async function draw(page, name, size, schemes, { write }) {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await settled(page);
    await write(`${name}-${size.width}-${colorScheme}`, await page.screenshot());
  }
}

/** Says which screen could not be reached. */
const rejectAt =
  (name, { width }) =>
  (cause) => {
    throw new Error(`The screen ${name} at ${width} could not be shown.`, { cause });
  };

/** The screens of a session that this size has, and the schemes in which each is wanted. */
const wantedOf = (screens, size, { wants }) =>
  screens
    .filter(({ isNarrow = false }) => !isNarrow || size.width <= NARROW)
    .map((screen) => ({ ...screen, schemes: SCHEMES.filter((scheme) => wants(screen, size, scheme)) }));

/** Goes from screen to screen, up to the last one that is wanted, past those that nothing needs. */
async function drawSession(browser, address, screens, size, pictures) {
  const here = wantedOf(screens, size, pictures);
  const last = here.findLastIndex(({ schemes }) => schemes.length > 0);
  const ahead = here
    .slice(0, last + 1)
    .filter(({ schemes, isNeeded = false }) => isNeeded || schemes.length > 0);
  if (ahead.length === 0) return;
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  // Times of steps differ from run to run, and the backend from machine to machine: WASM runs everywhere.
  await page.goto(`${address}/?backend=wasm`);
  for (const { name, show, leave, schemes } of ahead) {
    const shown = (await show(page).catch(rejectAt(name, size))) ?? page;
    await draw(shown, name, size, schemes, pictures);
    await leave?.(page, shown);
  }
  await context.close();
  console.log(`${size.width}: ${ahead.map(({ name }) => name).join(' ')}`);
}

function checkSize() {
  const bytes = readdirSync(KEPT).reduce((sum, file) => sum + statSync(join(KEPT, file)).size, 0);
  console.log(`${(bytes / 1024 / 1024).toFixed(2)} MiB in docs/screenshots`);
  if (bytes > MAX_BYTES) fail(`docs/screenshots takes ${bytes} bytes, at most ${MAX_BYTES}: keep fewer.`);
}

requireNode();
await installDependencies();
if ((await build()) !== 0) fail('The build failed: see the messages above.');
const [folder, word = ''] = process.argv.slice(2);
const { extremeModels } = await loadModule('/e2e/files/extremeModels.ts');
const { address, close } = await serve();
const browser = await chromium.launch({ executablePath: await findBrowser(), args: ['--no-sandbox'] });
const pictures = album(folder, await browser.newPage());
if (folder === undefined) rmSync(KEPT, { recursive: true, force: true });
mkdirSync(pictures.folder, { recursive: true });
for (const [name, screens] of Object.entries({ digits: DIGITS, ...extremes(extremeModels()) }))
  for (const size of SIZES)
    if (`${name}-${size.width}`.includes(word)) await drawSession(browser, address, screens, size, pictures);
await browser.close();
close();
if (folder === undefined) checkSize();
process.exit(0);

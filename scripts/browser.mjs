import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installDebians } from './debian.mjs';
import { fail, outputOf, runPackage } from './run.mjs';

/** WebGPU came with Chromium 113, the compute features that tfjs uses are settled since about 120. */
const OLDEST = 120;
const NAMES = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser', 'chrome'];

function candidates() {
  const { env } = process;
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const mac = ['Google Chrome', 'Chromium'].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
  const windows = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'));
  const paths = { darwin: mac, win32: windows }[process.platform] ?? [];
  return [...onPath, ...paths].filter((path) => existsSync(path));
}

/** True when the browser starts and is new enough. Chrome for Windows cannot print its version. */
function works(path) {
  if (!existsSync(path)) return false;
  if (process.platform === 'win32') return true;
  const version = outputOf(path, ['--version'])?.match(/(\d+)\.\d+/);
  return version != null && Number(version[1]) >= OLDEST;
}

const playwrightsOwn = async () => (await import('@playwright/test')).chromium.executablePath();

async function installPlaywrights() {
  console.log('No Chrome or Chromium on this machine: installing Playwright’s Chromium …');
  await runPackage('@playwright/test/cli.js', ['install', 'chromium'], {
    env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' },
    timeoutMs: 180_000,
  });
}

/**
 * The path of a Chrome or Chromium for the tests: CHROMIUM_PATH, else one on the machine, else Playwright's own,
 * else Debian's package. Ends the process when there is none and none can be had.
 */
export async function findBrowser() {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH) {
    if (works(CHROMIUM_PATH)) return CHROMIUM_PATH;
    fail(`CHROMIUM_PATH is '${CHROMIUM_PATH}': not a Chrome or Chromium of version ${OLDEST} or newer.`);
  }
  const own = await playwrightsOwn();
  const present = () => [...candidates(), own].find(works);
  for (const install of [null, installPlaywrights, () => installDebians('chromium')]) {
    await install?.();
    const path = present();
    if (path) return path;
  }
  return fail(
    `The tests need Chrome or Chromium ${OLDEST} or newer: install one (apt-get install chromium), or set CHROMIUM_PATH.`,
  );
}

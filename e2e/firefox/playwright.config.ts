import { defineConfig } from '@playwright/test';
import base from '../../playwright.config';

/** Beside the port of the other journeys, which it may run beside; `FIREFOX_PORT` overrides. */
const PORT = Number(process.env.FIREFOX_PORT ?? 4180);
const url = `http://localhost:${PORT}`;

/**
 * Playwright's runner, without Playwright's browsers: its own Firefox is a patched one, and what it offers for an
 * unpatched one asks for commands that the long-term release has not got. The browser is driven by Puppeteer.
 */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/firefox',
  workers: 1,
  // Now and then Firefox leaves the engine waiting for its WASM threads after a reload (docs/faults.md).
  retries: 3,
  ...(base.forbidOnly === undefined ? {} : { forbidOnly: base.forbidOnly }),
  timeout: 300_000,
  globalTimeout: 1_200_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
  use: { baseURL: url },
  webServer: {
    command: 'node scripts/start.mjs',
    cwd: '../..',
    env: { PORT: String(PORT) },
    url,
    reuseExistingServer: false,
    timeout: 180_000,
    stdout: 'ignore',
    stderr: 'pipe',
  },
});

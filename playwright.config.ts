import { defineConfig } from '@playwright/test';
import { args, executablePath } from './e2e/chromium';

/** Not the port of `npm start`, so that tests run while somebody uses the studio; `E2E_PORT` overrides. */
const PORT = Number(process.env.E2E_PORT ?? 4179);

export default defineConfig({
  testDir: 'e2e/journeys',
  // One worker: a software adapter needs all cores, and times are part of what is looked at.
  workers: 1,
  fullyParallel: false,
  // Once more after a failure, on what is a slow machine at its limit; `npm test` names every journey that needed it.
  retries: 1,
  forbidOnly: process.env.CI !== undefined,
  // Generous: a software adapter on a busy machine takes minutes where a GPU takes seconds.
  timeout: 200_000,
  globalTimeout: 3_600_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${PORT}`,
    viewport: { width: 1280, height: 800 },
    actionTimeout: 20_000,
    // Each test has a fresh browser, which would fetch all files for use offline; offline.spec.ts allows it.
    serviceWorkers: 'block',
    trace: 'retain-on-failure',
    launchOptions: executablePath ? { executablePath, args } : { args, channel: 'chromium' },
  },
  webServer: {
    command: 'node scripts/start.mjs',
    env: { PORT: String(PORT) },
    url: `http://localhost:${PORT}`,
    reuseExistingServer: false,
    timeout: 180_000,
    stdout: 'ignore',
    stderr: 'pipe',
  },
});

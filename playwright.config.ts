import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** Not the port of `npm start`, so that tests run while somebody uses the studio. */
const PORT = 4179;

/** A browser of the machine's own, or nothing, in which case Playwright starts the one that it installed. */
const executablePath = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium-browser',
].find((path) => path !== '' && existsSync(path));

/** SwiftShader stands in for a GPU, so that WebGPU is tested on machines that have none. */
const args = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export default defineConfig({
  testDir: 'e2e/journeys',
  // One worker: a software adapter needs all cores, and times are part of what is looked at.
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env.CI !== undefined,
  // Generous: a software adapter on a busy machine takes minutes where a GPU takes seconds.
  timeout: 200_000,
  globalTimeout: 420_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${PORT}`,
    viewport: { width: 1280, height: 800 },
    actionTimeout: 20_000,
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

import { existsSync } from 'node:fs';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

/** A browser of the machine's own, or nothing, in which case Playwright starts the one it installed. */
const chromium = [
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
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['src/**/*.test.ts', 'app/**/*.test.ts'],
          exclude: ['src/webgpu/**'],
          environment: 'node',
        },
      },
      {
        optimizeDeps: {
          include: [
            '@tensorflow/tfjs-core',
            '@tensorflow/tfjs-backend-cpu',
            '@tensorflow/tfjs-backend-wasm',
            '@tensorflow/tfjs-backend-webgpu',
          ],
        },
        test: {
          name: 'browser',
          // Execution is tested twice: in Node on WASM and CPU, here on WebGPU.
          include: ['src/webgpu/**/*.test.ts', 'src/exec/{ops*,executor,collectStats,compare}.test.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: chromium ? { executablePath: chromium, args } : { args },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});

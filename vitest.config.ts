import { availableParallelism } from 'node:os';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { args, executablePath } from './e2e/chromium';

export default defineConfig({
  test: {
    // All cores: left alone, Vitest keeps one free, which halves a machine of two.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: 'node',
          include: ['src/**/*.test.ts', 'app/**/*.test.ts', 'e2e/{bench,fuzz}/**/*.test.ts'],
          exclude: ['src/webgpu/**'],
          environment: 'node',
          setupFiles: ['./vitest.setup.ts'],
          // Searches and whole pipelines, beside another file on the same core. It ends a hang; it measures nothing.
          testTimeout: 180_000,
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
          // A software adapter beside another file on the same cores.
          testTimeout: 180_000,
          // Execution is tested twice: in Node on WASM and CPU, here on WebGPU.
          include: [
            'src/webgpu/**/*.test.ts',
            'src/wasm/rowProduct/rowProduct.test.ts',
            'src/exec/ops/*.test.ts',
            'src/exec/{ops,executor,collectStats,compare,valueCounts}.test.ts',
          ],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: executablePath ? { executablePath, args } : { args },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});

import { join } from 'node:path';
import { injectManifest } from '@serwist/build';
import type { Plugin } from 'vite';

const WORKER = 'serviceWorker.js';
const MEGABYTE = 2 ** 20;

/** Builds the service worker beside the page, and writes into it which files it keeps. */
export function offline(): Plugin {
  let folder = '';
  return {
    name: 'offline',
    apply: 'build',
    config: () => ({
      build: {
        rolldownOptions: {
          input: { index: 'index.html', serviceWorker: 'app/offline/serviceWorker.ts' },
          output: {
            // Its address must stay the same from version to version.
            entryFileNames: ({ name }) => (name === 'serviceWorker' ? WORKER : 'assets/[name]-[hash].js'),
          },
        },
      },
    }),
    configResolved: ({ root, build }) => {
      folder = join(root, build.outDir);
    },
    async closeBundle() {
      const { warnings } = await injectManifest({
        swSrc: join(folder, WORKER),
        swDest: join(folder, WORKER),
        globDirectory: folder,
        globPatterns: ['**/*.{html,js,css,wasm,svg,json,py,onnx,safetensors,npy,npz,csv,txt}'],
        // ONNX Runtime has 14 MB and is asked for by one button: kept from its first use on.
        globIgnores: [WORKER, '**/ort-*.wasm'],
        maximumFileSizeToCacheInBytes: 8 * MEGABYTE,
        dontCacheBustURLsMatching: /^assets\//,
      });
      for (const warning of warnings) this.warn(warning);
    },
  };
}

import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// COOP and COEP make the page cross-origin isolated: WASM threads need SharedArrayBuffer.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
const port = Number(process.env.PORT ?? 5173);

/**
 * tfjs starts its WASM threads from the text of a function (`wasmFactoryThreadedSimd.toString()`). That function
 * reads `_scriptDir` from the scope around it, which the text does not carry and which a minifier renames past the
 * function's own `typeof` guard; as a global it may be missing.
 */
const threadedWasm: Plugin = {
  name: 'tfjs-threaded-wasm',
  transform(code, id) {
    if (!id.includes('tfjs-backend-wasm-threaded-simd.js')) return null;
    return {
      code: code.replace('var _scriptDir', '_scriptDir').replaceAll('_scriptDir', 'globalThis._scriptDir'),
      map: null,
    };
  },
};

export default defineConfig({
  plugins: [react(), threadedWasm],
  worker: { format: 'es', plugins: () => [threadedWasm] },
  server: { port, strictPort: true, headers: isolation },
  preview: { port, strictPort: true, headers: isolation },
  build: { target: 'es2023', sourcemap: true, chunkSizeWarningLimit: 1500 },
});

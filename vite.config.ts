import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// COOP and COEP make the page cross-origin isolated: WASM threads need SharedArrayBuffer.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
const port = Number(process.env.PORT ?? 5173);

export default defineConfig({
  plugins: [react()],
  worker: { format: 'es' },
  server: { port, strictPort: true, headers: isolation },
  preview: { port, strictPort: true, headers: isolation },
  build: { target: 'es2023', sourcemap: true, chunkSizeWarningLimit: 1500 },
});

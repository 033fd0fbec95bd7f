import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { isolation, pageHeaders, securityMeta } from './build/headers.ts';
import { licences } from './build/licences.ts';
import { offline } from './build/offline.ts';
import { threadedWasm } from './build/threadedWasm.ts';

const port = Number(process.env.PORT ?? 5173);

const { collect, emit } = licences();

export default defineConfig({
  plugins: [react(), threadedWasm, securityMeta, emit, offline()],
  worker: {
    format: 'es',
    plugins: () => [threadedWasm, collect()],
    // What reads ONNX, the format of most models, is loaded with the worker: in many small files, each would wait for the
    // one that asks for it while a model is open. What writes it is not.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: 'onnx', test: /src\/formats\/onnx\/(?!write|quantized|patch)|@bufbuild/ }],
        },
      },
    },
  },
  // Under development modules are replaced while the page runs, by scripts that the policy would forbid.
  server: { port, strictPort: true, headers: isolation },
  preview: { port, strictPort: true, headers: pageHeaders },
  build: { target: 'es2023', sourcemap: true, chunkSizeWarningLimit: 1500 },
});

// node equalizeFile.mjs exact|pytorch MODEL CALIBRATION OUT: runs equalizeFile.ts and prints its outcome as JSON, in one line.
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

// Vite is at hand anyway, and Node 20 does not read TypeScript.
const root = fileURLToPath(new URL('../..', import.meta.url));
const vite = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
});
try {
  const [semantics, model, calibration, out] = process.argv.slice(2);
  const { equalizeFile } = await vite.ssrLoadModule('/e2e/pytorch/equalizeFile.ts');
  console.log(JSON.stringify(await equalizeFile(semantics, model, calibration, out)));
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
await vite.close();
// tfjs' WASM threads would keep the process alive.
process.exit();

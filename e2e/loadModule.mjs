// Loads a TypeScript module of this repository in Node: Vite is at hand anyway, and Node 20 does not read TypeScript.
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const openServer = () =>
  createServer({
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  });

/** The module at a path from the root (`/e2e/…/file.ts`). It must need nothing more once it is loaded. */
export async function loadModule(path) {
  const vite = await openServer();
  const loaded = await vite.ssrLoadModule(path);
  await vite.close();
  return loaded;
}

/** Calls back with the module at a path from the root (`/e2e/…/file.ts`), then ends the process. */
export async function withModule(path, work) {
  const vite = await openServer();
  try {
    await work(await vite.ssrLoadModule(path));
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
  await vite.close();
  // tfjs' WASM threads would keep the process alive.
  process.exit();
}

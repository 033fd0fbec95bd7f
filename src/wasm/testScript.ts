import { fileURLToPath } from 'node:url';
import { build, type Rollup } from 'vite';

/** A module of this folder with all that it imports, as the page's build makes it; for threads of Node. */
export async function builtScript(module: URL, format: 'cjs' | 'es'): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, lib: { entry: fileURLToPath(module), formats: [format], fileName: 'script' } },
  })) as Rollup.RollupOutput[];
  return built[0]?.output[0]?.code ?? '';
}

import type { BackendName } from '../../../src/index';

/** How many threads compute: WASM's, where the page is isolated and has SharedArrayBuffer; else one. */
export async function threadsOf(backend: BackendName): Promise<number> {
  if (backend !== 'wasm') return 1;
  const { getThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  return getThreadsCount();
}

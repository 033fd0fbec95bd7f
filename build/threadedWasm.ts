import type { Plugin } from 'vite';

/** As many as `startWasm` (src/wasm/threadCount.ts) asks for, of which the engine's own thread is one. */
const POOL_SIZE = 'Math.min(8,globalThis.navigator?.hardwareConcurrency??1)';

/** How the binary asks for the machine's cores. */
const CORES = 'navigator["hardwareConcurrency"]';

function replaceIn(code: string, found: string, by: string): string {
  if (!code.includes(found))
    throw new Error(`tfjs-backend-wasm-threaded-simd.js has no '${found}': see build/threadedWasm.ts.`);
  return code.replaceAll(found, by);
}

/**
 * tfjs starts its WASM threads from the text of a function (`wasmFactoryThreadedSimd.toString()`). That function
 * reads `_scriptDir` from the scope around it, which the text does not carry and which a minifier renames past the
 * function's own `typeof` guard; as a global it may be missing.
 *
 * It also starts eight workers, however few of them are used, and waits for all of them before it does anything.
 *
 * And it holds the number that `setThreadsCount` asks for to half of the cores that it is told of (backend.cc of 4.22:
 * `num_cores / 2`): one thread on a machine with two. It is told of twice as many.
 */
export const threadedWasm: Plugin = {
  name: 'tfjs-threaded-wasm',
  transform(code, id) {
    if (!id.includes('tfjs-backend-wasm-threaded-simd.js')) return null;
    const global = replaceIn(
      code.replace('var _scriptDir', '_scriptDir'),
      '_scriptDir',
      'globalThis._scriptDir',
    );
    const pooled = replaceIn(global, 'var pthreadPoolSize=8;', `var pthreadPoolSize=${POOL_SIZE};`);
    return { code: replaceIn(pooled, CORES, `(2*${CORES})`), map: null };
  },
};

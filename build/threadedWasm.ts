import type { Plugin } from 'vite';

/**
 * tfjs starts its WASM threads from the text of a function (`wasmFactoryThreadedSimd.toString()`). That function
 * reads `_scriptDir` from the scope around it, which the text does not carry and which a minifier renames past the
 * function's own `typeof` guard; as a global it may be missing.
 */
export const threadedWasm: Plugin = {
  name: 'tfjs-threaded-wasm',
  transform(code, id) {
    if (!id.includes('tfjs-backend-wasm-threaded-simd.js')) return null;
    return {
      code: code.replace('var _scriptDir', '_scriptDir').replaceAll('_scriptDir', 'globalThis._scriptDir'),
      map: null,
    };
  },
};

import { type BackendName, type Device, openDevice } from './device';

/** Directory of the WASM binaries in the installed package; for tests, in Node only. */
export const INSTALLED_WASM = decodeURIComponent(
  new URL('../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url).pathname,
);

/** The backends that a test of execution covers: in Node those that run there, in the browser the GPU. */
export const TEST_BACKENDS: readonly BackendName[] =
  typeof window === 'undefined' ? ['cpu', 'wasm'] : ['webgpu'];

/** Starts a backend for a test; fails where the browser has no WebGPU. */
export const openTestDevice = (backend: BackendName): Promise<Device> =>
  openDevice({ force: backend, wasmPaths: INSTALLED_WASM });

import { type BackendName, type Device, openDevice } from './device';

/** Directory of the WASM binaries in the installed package; for tests, in Node only. */
export const INSTALLED_WASM = decodeURIComponent(
  new URL('../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url).pathname,
);

/** The backends that run in Node. */
export const NODE_BACKENDS = ['cpu', 'wasm'] as const satisfies readonly BackendName[];

/** Starts a backend for a test. */
export const openTestDevice = (backend: (typeof NODE_BACKENDS)[number]): Promise<Device> =>
  openDevice({ force: backend, wasmPaths: INSTALLED_WASM });

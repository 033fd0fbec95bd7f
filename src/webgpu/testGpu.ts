import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { webgpuBackend } from './queue';

/* A GPU's device in a browser, and ways to have it fail. For tests only. */

export const WASM_PATHS = {
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
};

/** The device that tfjs runs on. */
export function currentGpu(): GPUDevice {
  const backend = webgpuBackend();
  if (!backend) throw new Error('WebGPU is not the current backend.');
  return backend.device;
}

/** Runs `work` on the current device, which says that it is a GPU: the adapter of the tests is software. */
export async function asOnGpu(work: () => Promise<void>): Promise<void> {
  const device = currentGpu();
  Object.defineProperty(device, 'adapterInfo', { value: { vendor: 'a GPU' }, configurable: true });
  try {
    await work();
  } finally {
    Reflect.deleteProperty(device, 'adapterInfo');
  }
}

/** Lets the current device bind only so many bytes at once, as far as our code asks it. */
export function limitBindings(bytes: number): void {
  const { maxComputeWorkgroupsPerDimension, maxBufferSize } = currentGpu().limits;
  const value = { maxComputeWorkgroupsPerDimension, maxBufferSize, maxStorageBufferBindingSize: bytes };
  Object.defineProperty(currentGpu(), 'limits', { value, configurable: true });
}

import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { DeviceError } from './errors';

/** What went wrong on the current device since it was last asked. tfjs itself only logs, and returns garbage. */
interface Failures {
  first: string | null;
  lost: string | null;
}
const watched = new WeakMap<GPUDevice, Failures>();

/** tfjs' WebGPU backend, when it is the current one. */
export function webgpuBackend(): WebGPUBackend | null {
  // The name says which class tfjs holds; importing the class to ask it would load the backend everywhere.
  return tf.getBackend() === 'webgpu' ? (tf.backend() as WebGPUBackend) : null;
}

/** Starts to take note of errors and of the loss of the current GPU device; `finishQueuedWork` reports them. */
export function watchDevice(): void {
  const device = webgpuBackend()?.device;
  if (!device || watched.has(device)) return;
  const failures: Failures = { first: null, lost: null };
  watched.set(device, failures);
  device.addEventListener('uncapturederror', ({ error }) => {
    failures.first ??= error.message;
  });
  device.lost.then(({ reason, message }) => {
    failures.lost = `${message || 'the browser gives no message'} (${reason || 'unknown reason'})`;
  });
}

/**
 * Submits what tfjs has recorded and waits until the GPU has done it; on WASM and CPU, where an op is done when it
 * returns, it resolves at once. Throws a DeviceError when the device reported an error since the last call, or is
 * lost: results computed meanwhile must not be used.
 */
export async function finishQueuedWork(): Promise<void> {
  const backend = webgpuBackend();
  if (!backend) return;
  const failures = watched.get(backend.device);
  if (!failures?.lost) {
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    backend.submitQueue();
    await backend.queue.onSubmittedWorkDone();
  }
  if (failures?.lost)
    throw new DeviceError(
      `The GPU device was lost: ${failures.lost}. Reload the page, or choose the WASM backend.`,
    );
  if (failures?.first) {
    const message = failures.first;
    failures.first = null;
    throw new DeviceError(
      `The GPU reported an error: ${message}. Use a smaller batch, or choose the WASM backend.`,
    );
  }
}

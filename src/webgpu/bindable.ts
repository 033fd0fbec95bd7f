import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { DeviceError } from './errors';

/** Refuses values that one storage binding cannot hold; WebGPU itself would give zeros without a word. */
export function assertBindable(backend: WebGPUBackend, x: TensorInfo): void {
  const bytes = util.sizeFromShape(x.shape) * 4;
  const limit = Math.min(
    backend.device.limits.maxStorageBufferBindingSize,
    backend.device.limits.maxBufferSize,
  );
  if (bytes > limit)
    throw new DeviceError(
      `A tensor of shape [${x.shape.join(', ')}] takes ${bytes} bytes; this GPU binds at most ${limit} at once. Use a smaller batch.`,
    );
}

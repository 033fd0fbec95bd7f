import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { type TensorInfo, util } from '@tensorflow/tfjs-core';

/** tfjs holds floats, integers and booleans in 4 bytes on the GPU. */
const BYTES = 4;

/** How many values one storage binding of this GPU holds. Beyond it WebGPU itself would give zeros without a word. */
export function bindableValues({ device }: WebGPUBackend): number {
  const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
  return Math.floor(Math.min(maxStorageBufferBindingSize, maxBufferSize) / BYTES);
}

/**
 * Values `[start, end)` of a tensor, as a flat one of their own with the same type of buffer. The caller disposes it
 * by `backend.disposeData`.
 */
function partOf(backend: WebGPUBackend, x: TensorInfo, start: number, end: number): TensorInfo {
  const { values, resource, dtype } = backend.tensorMap.get(x.dataId);
  // A constant or an input that no op has read is still on the host.
  const host = ArrayBuffer.isView(values) ? (values as Float32Array).subarray(start, end) : undefined;
  const part = backend.makeTensorInfo([end - start], dtype, host);
  backend.uploadToGPU(part.dataId);
  if (host) return part;
  if (!(resource instanceof GPUBuffer)) throw new Error('internal: a tensor to cut lies nowhere.');
  // What tfjs has recorded comes before the copy.
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
  const encoder = backend.device.createCommandEncoder();
  const { resource: target } = backend.tensorMap.get(part.dataId);
  if (!(target instanceof GPUBuffer)) throw new Error('internal: a part has no buffer.');
  encoder.copyBufferToBuffer(resource, BYTES * start, target, 0, BYTES * (end - start));
  backend.queue.submit([encoder.finish()]);
  return part;
}

/**
 * Shows a tensor flat to `see`: whole where one binding holds it, else part by part. A part is a multiple of `unit`
 * values, but for the last one. Where not even a unit fits, it gives false and shows nothing.
 */
export function seeParts(
  backend: WebGPUBackend,
  x: TensorInfo,
  unit: number,
  see: (part: TensorInfo, values: number) => void,
): boolean {
  const size = util.sizeFromShape(x.shape);
  const limit = bindableValues(backend);
  if (size <= limit) {
    see({ ...x, shape: [size] }, size);
    return true;
  }
  const step = Math.floor(limit / unit) * unit;
  if (step === 0) return false;
  for (let start = 0; start < size; start += step) {
    const end = Math.min(size, start + step);
    const part = partOf(backend, x, start, end);
    see(part, end - start);
    backend.disposeData(part.dataId);
  }
  return true;
}

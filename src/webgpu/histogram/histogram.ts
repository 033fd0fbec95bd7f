import * as tf from '@tensorflow/tfjs-core';
import { cpuHistogram, wasmHistogram } from './hostKernel';
import { binsBetween, HISTOGRAM } from './kernel';
import { webgpuHistogram } from './webgpuKernel';

/** Makes the kernel known to tfjs on all three backends. Calling it again changes nothing. */
export function registerHistogram(): void {
  for (const kernel of [webgpuHistogram, wasmHistogram, cpuHistogram])
    if (!tf.getKernel(kernel.kernelName, kernel.backendName)) tf.registerKernel(kernel);
}

/**
 * Counts of the values of x (float32, any shape) in `bins` equal bins from `low` to `high`, as int32 `[bins]` on the
 * device; bit for bit those of `torch.histc` (see reference.ts), on every backend. The caller disposes both tensors.
 * Equal edges are moved apart by 1 each. Throws a RangeError for edges or a number of bins that cannot be.
 * What does not fit into one GPU binding is counted in parts.
 */
export function histogram(x: tf.Tensor, low: number, high: number, bins: number): tf.Tensor1D {
  const result = tf.engine().runKernel(HISTOGRAM, { x }, { ...binsBetween(low, high, bins) });
  if (Array.isArray(result)) throw new Error('internal: Histogram gives one tensor.');
  // runKernel is typed for the shape-only info, yet wraps it into a Tensor (tfjs-core engine.ts).
  return result as tf.Tensor1D;
}

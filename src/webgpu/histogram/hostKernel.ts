import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { backend_util, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { type Bins, HISTOGRAM, parseParams } from './kernel';

/** Adds x's values to `counts`. The arithmetic is float32's: see reference.ts. */
function count(x: Float32Array, { low, high, bins }: Bins, counts: Int32Array): void {
  const { fround } = Math;
  const span = fround(high - low);
  const last = bins - 1;
  for (let i = 0; i < x.length; i++) {
    const value = x[i] ?? Number.NaN;
    if (!(value >= low && value <= high)) continue;
    const bin = fround(fround(fround(value - low) / span) * bins) | 0;
    const at = bin < last ? bin : last;
    counts[at] = (counts[at] ?? 0) + 1;
  }
}

/** Reads x where it lies, on the WASM heap. */
const wasmKernel: KernelFunc = (params): TensorInfo => {
  const { x, ...bins } = parseParams(params);
  const backend = params.backend as BackendWasm;
  // Allocating may grow the heap and detach views of it: the output comes first.
  const out = backend.makeOutput([bins.bins], 'int32');
  const counts = backend.typedArrayFromHeap(out);
  const values = backend.typedArrayFromHeap(x);
  if (!(counts instanceof Int32Array) || !(values instanceof Float32Array))
    throw new Error('internal: Histogram on wasm takes float32 and gives int32.');
  counts.fill(0);
  count(values, bins, counts);
  return out;
};

const cpuKernel: KernelFunc = (params): TensorInfo => {
  const { x, ...bins } = parseParams(params);
  const backend = params.backend as MathBackendCPU;
  const given = backend.readSync(x.dataId) as backend_util.TypedArray;
  // tfjs' CPU cast from integers to float32 relabels the tensor and keeps the integer array.
  const values = given instanceof Float32Array ? given : Float32Array.from(given);
  const counts = new Int32Array(bins.bins);
  count(values, bins, counts);
  return backend.makeTensorInfo([bins.bins], 'int32', counts);
};

export const wasmHistogram: KernelConfig = {
  kernelName: HISTOGRAM,
  backendName: 'wasm',
  kernelFunc: wasmKernel,
};
export const cpuHistogram: KernelConfig = {
  kernelName: HISTOGRAM,
  backendName: 'cpu',
  kernelFunc: cpuKernel,
};

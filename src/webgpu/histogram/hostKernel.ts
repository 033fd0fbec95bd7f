import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { backend_util, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { memoryOf } from '../../wasm/backendMemory';
import { type BinCountsFunction, binCountsIn, COUNTS_A_BIN } from '../../wasm/binCounts';
import { type Bins, HISTOGRAM, parseParams } from './kernel';

/** Numbers that the WASM program needs of the bins. */
const EDGES = 4;

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

/** The same by the WASM program; `rows` and `edges` are where it counts and what it needs, on the heap as the values are. */
function countBySimd(
  program: BinCountsFunction,
  x: Float32Array,
  { low, high, bins }: Bins,
  { rows, edges }: { readonly rows: Int32Array; readonly edges: Float32Array },
  counts: Int32Array,
): void {
  rows.fill(0);
  edges.set([low, high, Math.fround(high - low), bins]);
  program(x.byteOffset, x.length, rows.byteOffset, edges.byteOffset, bins);
  // What lies outside is in the row behind the last bin.
  for (let bin = 0; bin < bins; bin++) {
    let sum = 0;
    for (let at = bin * COUNTS_A_BIN; at < (bin + 1) * COUNTS_A_BIN; at++) sum += rows[at] ?? 0;
    counts[bin] = sum;
  }
}

/** Reads x where it lies, on the WASM heap. */
const wasmKernel: KernelFunc = (params): TensorInfo => {
  const { x, ...bins } = parseParams(params);
  const backend = params.backend as BackendWasm;
  // Allocating may grow the heap and detach views of it: that comes first.
  const out = backend.makeOutput([bins.bins], 'int32');
  const scratch = backend.makeOutput([(bins.bins + 1) * COUNTS_A_BIN + EDGES], 'int32');
  const counts = backend.typedArrayFromHeap(out);
  const words = backend.typedArrayFromHeap(scratch);
  const values = backend.typedArrayFromHeap(x);
  if (!(counts instanceof Int32Array) || !(words instanceof Int32Array) || !(values instanceof Float32Array))
    throw new Error('internal: Histogram on wasm takes float32 and gives int32.');
  const program = binCountsIn(memoryOf(backend));
  if (program) {
    const rows = words.subarray(EDGES);
    const edges = new Float32Array(words.buffer, words.byteOffset, EDGES);
    countBySimd(program, values, bins, { rows, edges }, counts);
  } else {
    counts.fill(0);
    count(values, bins, counts);
  }
  backend.disposeData(scratch.dataId);
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

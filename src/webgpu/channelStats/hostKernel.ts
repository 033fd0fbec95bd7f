import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { backend_util, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { CHANNEL_STATS, type ChannelStatsParams, MAX_COUNT, parseParams } from './kernel';
import { EXPONENT_BITS, flipNegative } from './orderedKey';

/**
 * Folds x's values into running statistics, in place, reading each value once in the order of memory.
 * `bits` are the values' bits as `[outer, channels, inner]`, `stats` is `[3, channels]`: minimum key, maximum key,
 * count of non-finite values (at most 2³¹ − 1).
 */
export function foldChannelStats(
  bits: Int32Array,
  view: ChannelStatsParams['view'],
  stats: Int32Array,
): void {
  const { channels, inner } = view;
  const min = stats.subarray(0, channels);
  const max = stats.subarray(channels, 2 * channels);
  const count = stats.subarray(2 * channels);
  const rowLength = channels * inner;
  for (let row = 0; row < bits.length; row += rowLength) {
    if (inner === 1) foldRow(bits.subarray(row, row + channels), min, max, count);
    else foldPlane(bits.subarray(row, row + rowLength), inner, min, max, count);
  }
}

/** One value a channel. */
function foldRow(row: Int32Array, min: Int32Array, max: Int32Array, count: Int32Array): void {
  for (let c = 0; c < row.length; c++) {
    const value = row[c] ?? 0;
    if ((value & EXPONENT_BITS) === EXPONENT_BITS) {
      count[c] = Math.min((count[c] ?? 0) + 1, MAX_COUNT);
      continue;
    }
    const key = flipNegative(value);
    if (key < (min[c] ?? 0)) min[c] = key;
    if (key > (max[c] ?? 0)) max[c] = key;
  }
}

/** `inner` consecutive values a channel; the accumulators stay in registers. */
function foldPlane(
  plane: Int32Array,
  inner: number,
  min: Int32Array,
  max: Int32Array,
  count: Int32Array,
): void {
  for (let c = 0, start = 0; start < plane.length; c++, start += inner) {
    let low = min[c] ?? 0;
    let high = max[c] ?? 0;
    let bad = count[c] ?? 0;
    for (let p = start; p < start + inner; p++) {
      const value = plane[p] ?? 0;
      const key = flipNegative(value);
      if ((value & EXPONENT_BITS) === EXPONENT_BITS) bad++;
      else {
        if (key < low) low = key;
        if (key > high) high = key;
      }
    }
    min[c] = low;
    max[c] = high;
    count[c] = Math.min(bad, MAX_COUNT);
  }
}

const bitsOf = (values: Float32Array): Int32Array =>
  new Int32Array(values.buffer, values.byteOffset, values.length);

/** Reads x where it lies, on the WASM heap. */
const wasmKernel: KernelFunc = (params): TensorInfo => {
  const { x, running, view } = parseParams(params);
  const backend = params.backend as BackendWasm;
  // Allocating may grow the heap and detach views of it: the output comes first.
  const out = backend.makeOutput(running.shape, 'int32');
  const stats = backend.typedArrayFromHeap(out);
  stats.set(backend.typedArrayFromHeap(running));
  const values = backend.typedArrayFromHeap(x);
  if (!(stats instanceof Int32Array) || !(values instanceof Float32Array))
    throw new Error('internal: ChannelStats on wasm takes float32 and gives int32.');
  foldChannelStats(bitsOf(values), view, stats);
  return out;
};

const cpuKernel: KernelFunc = (params): TensorInfo => {
  const { x, running, view } = parseParams(params);
  const backend = params.backend as MathBackendCPU;
  const given = backend.readSync(x.dataId) as backend_util.TypedArray;
  // tfjs' CPU cast from integers to float32 relabels the tensor and keeps the integer array.
  const values = given instanceof Float32Array ? given : Float32Array.from(given);
  const stats = Int32Array.from(backend.readSync(running.dataId) as Int32Array);
  foldChannelStats(bitsOf(values), view, stats);
  return backend.makeTensorInfo(running.shape, 'int32', stats);
};

export const wasmChannelStats: KernelConfig = {
  kernelName: CHANNEL_STATS,
  backendName: 'wasm',
  kernelFunc: wasmKernel,
};
export const cpuChannelStats: KernelConfig = {
  kernelName: CHANNEL_STATS,
  backendName: 'cpu',
  kernelFunc: cpuKernel,
};

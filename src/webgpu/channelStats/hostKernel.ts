import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { backend_util, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { memoryOf } from '../../wasm/backendMemory';
import { columnStatsIn } from '../../wasm/columnStats';
import { planeStatsIn } from '../../wasm/planeStats';
import { CHANNEL_STATS, type ChannelView, MAX_COUNT, parseParams } from './kernel';
import { EXPONENT_BITS, flipNegative } from './orderedKey';

/**
 * Folds x's values into running statistics, in place, reading each value once.
 * `bits` are the values' bits as `[outer, channels, inner]`, `stats` is `[3, channels]`: minimum key, maximum key,
 * count of non-finite values (at most 2³¹ − 1).
 */
export function foldChannelStats(bits: Int32Array, view: ChannelView, stats: Int32Array): void {
  const { channels, inner } = view;
  if (inner === 1 && channels > FEW_CHANNELS) foldRows(bits, channels, stats);
  else foldPlanes(bits, channels, inner, stats);
}

/** Up to so many values side by side, one channel after the other: its accumulators stay in registers. */
const FEW_CHANNELS = 4;

/** One value a channel; no view of a row is made, which for short rows would cost more than reading them. */
function foldRows(bits: Int32Array, channels: number, stats: Int32Array): void {
  for (let row = 0; row < bits.length; row += channels) {
    for (let c = 0; c < channels; c++) {
      const value = bits[row + c] ?? 0;
      if ((value & EXPONENT_BITS) === EXPONENT_BITS) {
        const count = 2 * channels + c;
        stats[count] = Math.min((stats[count] ?? 0) + 1, MAX_COUNT);
        continue;
      }
      const key = flipNegative(value);
      if (key < (stats[c] ?? 0)) stats[c] = key;
      if (key > (stats[channels + c] ?? 0)) stats[channels + c] = key;
    }
  }
}

/** Channel by channel, over all of its runs of `inner` consecutive values. */
function foldPlanes(bits: Int32Array, channels: number, inner: number, stats: Int32Array): void {
  const step = channels * inner;
  for (let c = 0; c < channels; c++) {
    let low = stats[c] ?? 0;
    let high = stats[channels + c] ?? 0;
    let bad = stats[2 * channels + c] ?? 0;
    for (let start = c * inner; start < bits.length; start += step) {
      for (let at = start; at < start + inner; at++) {
        const value = bits[at] ?? 0;
        const key = flipNegative(value);
        if ((value & EXPONENT_BITS) === EXPONENT_BITS) bad++;
        else {
          if (key < low) low = key;
          if (key > high) high = key;
        }
      }
    }
    stats[c] = low;
    stats[channels + c] = high;
    stats[2 * channels + c] = Math.min(bad, MAX_COUNT);
  }
}

/** All rows of a single channel are one long row: observers of whole tensors ask for `[values, 1, 1]`. */
const longestRows = (view: ChannelView): ChannelView =>
  view.channels === 1 ? { outer: 1, channels: 1, inner: view.outer * view.inner } : view;

const bitsOf = (values: Float32Array): Int32Array =>
  new Int32Array(values.buffer, values.byteOffset, values.length);

/** Columns that the WASM program takes at a time. */
const LANES = 4;

type Fold = (values: Float32Array, stats: Int32Array) => void;

/** A program for the view; null where there is no SIMD, and for odd numbers of columns, where the plain loops are as fast. */
function wasmProgram(memory: WebAssembly.Memory, { outer, channels, inner }: ChannelView): Fold | null {
  // Without values (`inner` is 0) too: the program of columns would read a value for each channel.
  if (inner !== 1 || channels === 1) {
    const byPlane = planeStatsIn(memory);
    return (
      byPlane && ((values, stats) => byPlane(values.byteOffset, stats.byteOffset, outer, channels, inner))
    );
  }
  const byColumn = channels % LANES === 0 ? columnStatsIn(memory) : null;
  return byColumn && ((values, stats) => byColumn(values.byteOffset, stats.byteOffset, outer, channels));
}

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
  const rows = longestRows(view);
  const program = wasmProgram(memoryOf(backend), rows);
  if (program) program(values, stats);
  else foldChannelStats(bitsOf(values), rows, stats);
  return out;
};

const cpuKernel: KernelFunc = (params): TensorInfo => {
  const { x, running, view } = parseParams(params);
  const backend = params.backend as MathBackendCPU;
  const given = backend.readSync(x.dataId) as backend_util.TypedArray;
  // tfjs' CPU cast from integers to float32 relabels the tensor and keeps the integer array.
  const values = given instanceof Float32Array ? given : Float32Array.from(given);
  const stats = Int32Array.from(backend.readSync(running.dataId) as Int32Array);
  foldChannelStats(bitsOf(values), longestRows(view), stats);
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

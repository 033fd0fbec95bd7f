import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { type KernelConfig, type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { isSoftwareDevice } from '../adapter';
import { seeParts } from '../bindableParts';
import { keyOfFloat } from '../channelStats/orderedKey';
import { type Bins, HISTOGRAM, parseParams } from './kernel';
import { groupProgram, LEAST_IN_SLOTS, slotLength, slotProgram, sumProgram } from './programs';
import { binThresholds } from './thresholds';

/**
 * A bound of how far a GPU's `(x − low) · (bins / span)` may lie from the exact arithmetic, in bins: some roundings of
 * its own size, and of the edges' size should the compiler multiply first.
 */
const errorBound = ({ low, high, bins }: Bins): number =>
  2 ** -21 * bins * (1 + Math.max(Math.abs(low), Math.abs(high)) / (high - low));

/** Spans so small that a GPU may flush differences to zero: nothing that it computes is to be relied on. */
const SMALLEST_SPAN = 2 ** -80;

/** Adds the counts of one part of the values to the result. */
function countPart(
  backend: WebGPUBackend,
  { x, thresholds, bins, count, isFloat, uniforms }: PartToCount,
  out: TensorInfo,
): void {
  if (count < LEAST_IN_SLOTS || !isSoftwareDevice(backend.device)) {
    const program = groupProgram(bins, count, isFloat);
    backend.runWebGPUProgram(program, [x, thresholds], 'int32', uniforms, out);
    return;
  }
  const program = slotProgram(bins, isFloat);
  const slots = backend.runWebGPUProgram(program, [x, thresholds, x], 'int32', uniforms);
  const sizes = [bins, slotLength(bins)].map((size) => ({ type: 'int32', data: [size] }));
  backend.runWebGPUProgram(sumProgram(bins), [slots], 'int32', sizes, out);
  backend.disposeData(slots.dataId);
}

interface PartToCount {
  readonly x: TensorInfo;
  readonly thresholds: TensorInfo;
  readonly bins: number;
  readonly count: number;
  readonly isFloat: boolean;
  readonly uniforms: { type: string; data: number[] }[];
}

const kernelFunc: KernelFunc = (params): TensorInfo => {
  const { x, ...edges } = parseParams(params);
  const { low, high, bins } = edges;
  const backend = params.backend as WebGPUBackend;
  const out = backend.makeTensorInfo([bins], 'int32', new Int32Array(bins));
  if (util.sizeFromShape(x.shape) === 0) return out;
  const thresholds = backend.makeTensorInfo([bins + 1], 'int32', binThresholds(edges));
  const span = Math.fround(high - low);
  const isTiny = span < SMALLEST_SPAN;
  const isFloat = backend.tensorMap.get(x.dataId).dtype === 'float32';
  seeParts(backend, x, 1, (part, count) => {
    const uniforms = [
      { type: 'float32', data: [low] },
      { type: 'float32', data: [isTiny ? 0 : bins / span] },
      { type: 'float32', data: [isTiny ? -1 : 0.5 - errorBound(edges)] },
      { type: 'int32', data: [keyOfFloat(low)] },
      { type: 'int32', data: [keyOfFloat(high)] },
      { type: 'int32', data: [count] },
    ];
    countPart(backend, { x: part, thresholds, bins, count, isFloat, uniforms }, out);
  });
  backend.disposeData(thresholds.dataId);
  return out;
};

export const webgpuHistogram: KernelConfig = {
  kernelName: HISTOGRAM,
  backendName: 'webgpu',
  kernelFunc,
};

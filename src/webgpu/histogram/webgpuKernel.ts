import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { type KernelConfig, type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { seeParts } from '../bindableParts';
import { keyOfFloat } from '../channelStats/orderedKey';
import { type Bins, HISTOGRAM, parseParams } from './kernel';
import { binThresholds } from './thresholds';

/*
 * Each workgroup counts a share of the values in its own memory and then adds its counts to the result: one global
 * addition a bin and workgroup instead of one a value.
 */
const WORKGROUP = 256;
/** Values that are worth a workgroup's clearing and adding of all its bins. */
const VALUES_PER_GROUP = 16384;
/** Workgroups that keep a large GPU busy. */
const MAX_GROUPS = 256;

/**
 * A bound of how far a GPU's `(x − low) · (bins / span)` may lie from the exact arithmetic, in bins: some roundings of
 * its own size, and of the edges' size should the compiler multiply first.
 */
const errorBound = ({ low, high, bins }: Bins): number =>
  2 ** -19 * bins * (1 + Math.max(Math.abs(low), Math.abs(high)) / (high - low));

/** Spans so small that a GPU may flush differences to zero: nothing that it computes is to be relied on. */
const SMALLEST_SPAN = 2 ** -80;

/**
 * The bin is guessed by float arithmetic, which may be inexact on a GPU. Near the edge of a bin the guess is moved
 * until the value lies between the bin's thresholds, which are compared as integers. −0 counts as +0.
 */
const userCode = (bins: number, value: string): string => `
  var<workgroup> counts: array<atomic<u32>, ${bins}>;

  fn binNear(key: i32, guess: i32) -> i32 {
    var bin = guess;
    while (key < thresholds[bin]) { bin -= 1; }
    while (key >= thresholds[bin + 1]) { bin += 1; }
    return bin;
  }

  fn main(index: i32) {
    let local = i32(localIndex);
    for (var b = local; b < ${bins}; b += ${WORKGROUP}) { atomicStore(&counts[b], 0u); }
    workgroupBarrier();
    let step = i32(numWorkgroups.x) * ${WORKGROUP};
    for (var at = index; at < uniforms.count; at += step) {
      let value = ${value};
      let given = bitcast<i32>(value);
      let bits = select(given, 0, given == i32(0x80000000u));
      let key = bits ^ ((bits >> 31u) & 0x7fffffff);
      if (key >= uniforms.first && key <= uniforms.last) {
        let position = (value - uniforms.low) * uniforms.density;
        var bin = clamp(i32(position), 0, ${bins - 1});
        if (abs(position - f32(bin) - 0.5) > uniforms.trusted) { bin = binNear(key, bin); }
        atomicAdd(&counts[bin], 1u);
      }
    }
    workgroupBarrier();
    for (var b = local; b < ${bins}; b += ${WORKGROUP}) {
      let count = atomicLoad(&counts[b]);
      if (count > 0u) { atomicAdd(&result[b], i32(count)); }
    }
  }`;

/** Values `[n]` and thresholds `[bins + 1]` → counts added to the output `[bins]`. */
const program = (bins: number, count: number, isFloat: boolean): WebGPUProgram => ({
  shaderKey: `histogram_${bins}`,
  outputShape: [bins],
  workgroupSize: [WORKGROUP, 1, 1],
  dispatchLayout: { x: [0] },
  dispatch: [Math.min(MAX_GROUPS, Math.ceil(count / VALUES_PER_GROUP)), 1, 1],
  variableNames: ['x', 'thresholds'],
  uniforms: 'low: f32, density: f32, trusted: f32, first: i32, last: i32, count: i32,',
  atomic: true,
  getUserCode: () => userCode(bins, isFloat ? 'x[at]' : 'f32(x[at])'),
});

const kernelFunc: KernelFunc = (params): TensorInfo => {
  const { x, ...bins } = parseParams(params);
  const backend = params.backend as WebGPUBackend;
  const out = backend.makeTensorInfo([bins.bins], 'int32', new Int32Array(bins.bins));
  if (util.sizeFromShape(x.shape) === 0) return out;
  const thresholds = backend.makeTensorInfo([bins.bins + 1], 'int32', binThresholds(bins));
  const span = Math.fround(bins.high - bins.low);
  const isTiny = span < SMALLEST_SPAN;
  // tfjs' cast from integers to float32 relabels the tensor and keeps the integer buffer.
  const isFloat = backend.tensorMap.get(x.dataId).dtype === 'float32';
  seeParts(backend, x, 1, (part, count) => {
    const uniforms = [
      { type: 'float32', data: [bins.low] },
      { type: 'float32', data: [isTiny ? 0 : bins.bins / span] },
      { type: 'float32', data: [isTiny ? -1 : 0.5 - errorBound(bins)] },
      { type: 'int32', data: [keyOfFloat(bins.low)] },
      { type: 'int32', data: [keyOfFloat(bins.high)] },
      { type: 'int32', data: [count] },
    ];
    const inputs = [part, thresholds];
    backend.runWebGPUProgram(program(bins.bins, count, isFloat), inputs, 'int32', uniforms, out);
  });
  backend.disposeData(thresholds.dataId);
  return out;
};

export const webgpuHistogram: KernelConfig = {
  kernelName: HISTOGRAM,
  backendName: 'webgpu',
  kernelFunc,
};

import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { type KernelConfig, type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { isSoftware } from '../adapter';
import { seeParts } from '../bindableParts';
import { keyOfFloat } from '../channelStats/orderedKey';
import { type Bins, HISTOGRAM, parseParams } from './kernel';
import { binThresholds } from './thresholds';

/*
 * A GPU counts in the memory of each workgroup, which then adds its counts to the result: one global addition a bin and
 * workgroup instead of one a value. Software that stands in for a GPU is slow at barriers and atomics (SwiftShader took
 * longer so than tfjs' own ops); there each invocation counts for itself, and a second program adds the counts up.
 */
const WORKGROUP = 256;
/** Values that are worth a workgroup's clearing and adding of all its bins. */
const VALUES_PER_GROUP = 16384;
/** Workgroups that keep a large GPU busy. */
const MAX_GROUPS = 256;

/** Invocations that count for themselves, and how many of them the software runs as one piece of work. */
const SLOTS = 256;
const SLOT_WORKGROUP = 16;

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
 * until the value lies between the bin's thresholds, which are compared as integers. −0 counts as +0; −1: no bin.
 */
const binCode = (bins: number, value: string): string => `
  fn binNear(key: i32, guess: i32) -> i32 {
    var bin = guess;
    while (key < thresholds[bin]) { bin -= 1; }
    while (key >= thresholds[bin + 1]) { bin += 1; }
    return bin;
  }

  fn binAt(at: i32) -> i32 {
    let value = ${value};
    let given = bitcast<i32>(value);
    let bits = select(given, 0, given == i32(0x80000000u));
    let key = bits ^ ((bits >> 31u) & 0x7fffffff);
    if (key < uniforms.first || key > uniforms.last) { return -1; }
    let position = (value - uniforms.low) * uniforms.density;
    let bin = clamp(i32(position), 0, ${bins - 1});
    if (abs(position - f32(bin) - 0.5) > uniforms.trusted) { return binNear(key, bin); }
    return bin;
  }`;

const groupCode = (bins: number): string => `
  var<workgroup> counts: array<atomic<u32>, ${bins}>;

  fn main(index: i32) {
    let local = i32(localIndex);
    for (var b = local; b < ${bins}; b += ${WORKGROUP}) { atomicStore(&counts[b], 0u); }
    workgroupBarrier();
    let step = i32(numWorkgroups.x) * ${WORKGROUP};
    for (var at = index; at < uniforms.count; at += step) {
      let bin = binAt(at);
      if (bin >= 0) { atomicAdd(&counts[bin], 1u); }
    }
    workgroupBarrier();
    for (var b = local; b < ${bins}; b += ${WORKGROUP}) {
      let count = atomicLoad(&counts[b]);
      if (count > 0u) { atomicAdd(&result[b], i32(count)); }
    }
  }`;

const slotCode = (bins: number): string => `
  fn main(index: i32) {
    let own = index * ${bins};
    for (var b = 0; b < ${bins}; b += 1) { result[own + b] = 0; }
    for (var at = index; at < uniforms.count; at += ${SLOTS}) {
      let bin = binAt(at);
      if (bin >= 0) { result[own + bin] += 1; }
    }
  }`;

const UNIFORMS = 'low: f32, density: f32, trusted: f32, first: i32, last: i32, count: i32,';

/** How values are read: tfjs' cast from integers to float32 relabels the tensor and keeps the integer buffer. */
const valueAt = (isFloat: boolean): string => (isFloat ? 'x[at]' : 'f32(x[at])');

/** Values `[n]` and thresholds `[bins + 1]` → counts added to the output `[bins]`. */
const groupProgram = (bins: number, count: number, isFloat: boolean): WebGPUProgram => ({
  shaderKey: `histogram_${bins}`,
  outputShape: [bins],
  workgroupSize: [WORKGROUP, 1, 1],
  dispatchLayout: { x: [0] },
  dispatch: [Math.min(MAX_GROUPS, Math.ceil(count / VALUES_PER_GROUP)), 1, 1],
  variableNames: ['x', 'thresholds'],
  uniforms: UNIFORMS,
  atomic: true,
  getUserCode: () => binCode(bins, valueAt(isFloat)) + groupCode(bins),
});

/** Values `[n]` and thresholds `[bins + 1]` → counts of each slot `[SLOTS, bins]`. */
const slotProgram = (bins: number, isFloat: boolean): WebGPUProgram => ({
  shaderKey: `histogramSlots_${bins}`,
  outputShape: [SLOTS, bins],
  workgroupSize: [SLOT_WORKGROUP, 1, 1],
  dispatchLayout: { x: [0] },
  dispatch: [SLOTS / SLOT_WORKGROUP, 1, 1],
  variableNames: ['x', 'thresholds'],
  uniforms: UNIFORMS,
  getUserCode: () => binCode(bins, valueAt(isFloat)) + slotCode(bins),
});

/** Counts `[SLOTS, bins]` → their sums added to the output `[bins]`. */
const sumProgram = (bins: number): WebGPUProgram => ({
  shaderKey: 'histogramSum',
  outputShape: [bins],
  workgroupSize: [SLOT_WORKGROUP, 1, 1],
  dispatchLayout: { x: [0] },
  dispatch: [Math.ceil(bins / SLOT_WORKGROUP), 1, 1],
  variableNames: ['slots'],
  uniforms: 'bins: i32,',
  getUserCode: () => `
    fn main(index: i32) {
      if (index >= uniforms.bins) { return; }
      var sum = 0;
      for (var slot = 0; slot < ${SLOTS}; slot += 1) { sum += slots[slot * uniforms.bins + index]; }
      result[index] += sum;
    }`,
});

/** Older browsers do not say of a device which adapter it is of: they get what suits a GPU. */
const countsInSlots = ({ device }: WebGPUBackend): boolean =>
  device.adapterInfo !== undefined && isSoftware(device.adapterInfo);

/** Adds the counts of one part of the values to the result. */
function countPart(
  backend: WebGPUBackend,
  inputs: TensorInfo[],
  { bins, count, isFloat, uniforms }: PartToCount,
  out: TensorInfo,
): void {
  if (!countsInSlots(backend)) {
    backend.runWebGPUProgram(groupProgram(bins, count, isFloat), inputs, 'int32', uniforms, out);
    return;
  }
  const slots = backend.runWebGPUProgram(slotProgram(bins, isFloat), inputs, 'int32', uniforms);
  backend.runWebGPUProgram(sumProgram(bins), [slots], 'int32', [{ type: 'int32', data: [bins] }], out);
  backend.disposeData(slots.dataId);
}

interface PartToCount {
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
    countPart(backend, [part, thresholds], { bins, count, isFloat, uniforms }, out);
  });
  backend.disposeData(thresholds.dataId);
  return out;
};

export const webgpuHistogram: KernelConfig = {
  kernelName: HISTOGRAM,
  backendName: 'webgpu',
  kernelFunc,
};

import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { type KernelConfig, type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { bindableValues, seeParts } from '../bindableParts';
import { DeviceError } from '../errors';
import { CHANNEL_STATS, type ChannelView, parseParams } from './kernel';

/*
 * Two programs. The first reads every value once: each invocation owns one channel and walks the positions
 * (outer × inner) of one slot with its own minimum, maximum and count. The second folds up to FOLD slots into one,
 * and is repeated until one slot is left. No barriers, no atomics, no shared memory.
 */
const WORKGROUP = 64;
/** Invocations that keep a large GPU busy; more would only make more partial results. */
const TARGET_INVOCATIONS = 65536;
/** Fewer positions than this are not worth a slot of their own. */
const MIN_POSITIONS = 16;
/** Slots that one invocation of the second program folds. */
const FOLD = 64;
/** Neighbouring positions read side by side, where neighbouring channels do not lie side by side. */
const LANES = 32;

type Uniforms = NonNullable<Parameters<WebGPUBackend['runWebGPUProgram']>[3]>;

const ACCUMULATOR = `
  struct Stats { low: i32, high: i32, count: u32 };
  const EMPTY = Stats(0x7f800000, i32(0x807fffffu), 0u);
`;

/** How the work is cut: `lanes` neighbouring positions × `chunks` runs of `chunk` positions each. */
export interface Cut {
  readonly lanes: number;
  readonly chunks: number;
  readonly chunk: number;
}

/** Cuts `outer × inner` positions of each channel into slots. */
export function cutPositions({ outer, channels, inner }: ChannelView): Cut {
  const positions = outer * inner;
  const wanted = Math.max(1, Math.min(TARGET_INVOCATIONS / channels, positions / MIN_POSITIONS));
  // With many channels side by side (inner = 1) reads are coalesced already.
  const lanes = inner === 1 && channels >= LANES ? 1 : Math.min(LANES, Math.ceil(wanted));
  const chunks = Math.max(1, Math.floor(wanted / lanes));
  const chunk = Math.ceil(Math.ceil(positions / chunks) / lanes) * lanes;
  return { lanes, chunks: Math.ceil(positions / chunk), chunk };
}

const flatProgram = (
  shaderKey: string,
  slots: number,
  channels: number,
  variableNames: string[],
  uniforms: string,
  userCode: string,
): WebGPUProgram => ({
  shaderKey,
  outputShape: [3 * slots, channels],
  workgroupSize: [WORKGROUP, 1, 1],
  dispatchLayout: { x: [0, 1] },
  dispatch: [Math.ceil((slots * channels) / WORKGROUP), 1, 1],
  variableNames,
  uniforms,
  getUserCode: () => ACCUMULATOR + userCode,
});

const READ_UNIFORMS =
  'channels: i32, inner: i32, positions: i32, lanes: i32, slots: i32, chunk: i32, channelStride: i32, laneStride: i32,';

/** Values of a channel that lie a fixed step apart (inner = 1): one addition a value. */
const STEP_LOOP = `
    let step = uniforms.lanes * uniforms.channels;
    let stop = end * uniforms.channels;
    for (var at = position * uniforms.channels + c; at < stop; at += step) {
      let bits = bitsAt(at);
      let key = bits ^ ((bits >> 31u) & 0x7fffffff);
      let finite = (bits & 0x7f800000) != 0x7f800000;
      stats.low = select(stats.low, min(stats.low, key), finite);
      stats.high = select(stats.high, max(stats.high, key), finite);
      count += select(1u, 0u, finite);
    }`;

/** Long rows (inner ≥ lanes): row by row, one addition a value. */
const RUN_LOOP = `
    let rowLength = uniforms.channels * uniforms.inner;
    var row = position / uniforms.inner;
    var column = position % uniforms.inner;
    while (position < end) {
      let begin = row * rowLength + c * uniforms.inner + column;
      let stop = begin + min(uniforms.inner - column, end - position);
      var at = begin;
      for (; at < stop; at += uniforms.lanes) {
        let bits = bitsAt(at);
        let key = bits ^ ((bits >> 31u) & 0x7fffffff);
        let finite = (bits & 0x7f800000) != 0x7f800000;
        stats.low = select(stats.low, min(stats.low, key), finite);
        stats.high = select(stats.high, max(stats.high, key), finite);
        count += select(1u, 0u, finite);
      }
      position += at - begin;
      column += at - begin - uniforms.inner;
      row += 1;
    }`;

/** Short rows: row and column of a position advance by addition: a division per value would cost more than its read. */
const WALK_LOOP = `
    let rowLength = uniforms.channels * uniforms.inner;
    let rowStep = uniforms.lanes / uniforms.inner;
    let columnStep = uniforms.lanes % uniforms.inner;
    var row = position / uniforms.inner;
    var column = position % uniforms.inner;
    loop {
      if (position >= end) { break; }
      let bits = bitsAt(row * rowLength + c * uniforms.inner + column);
      if ((bits & 0x7f800000) == 0x7f800000) {
        count += 1u;
      } else {
        let key = bits ^ ((bits >> 31u) & 0x7fffffff);
        stats.low = min(stats.low, key);
        stats.high = max(stats.high, key);
      }
      position += uniforms.lanes;
      row += rowStep;
      column += columnStep;
      if (column >= uniforms.inner) { column -= uniforms.inner; row += 1; }
    }`;

const STEPS = { name: 'Steps', loop: STEP_LOOP };
const RUNS = { name: 'Runs', loop: RUN_LOOP };
const WALK = { name: 'Walk', loop: WALK_LOOP };

const readCode = (loop: string): string => `
  fn main(index: i32) {
    if (index >= uniforms.slots * uniforms.channels) { return; }
    let c = (index / uniforms.channelStride) % uniforms.channels;
    let lane = (index / uniforms.laneStride) % uniforms.lanes;
    let part = index / (uniforms.channels * uniforms.lanes);
    let slot = part * uniforms.lanes + lane;
    var stats = EMPTY;
    if (slot == 0) {
      stats = Stats(running[c], running[uniforms.channels + c], u32(running[2 * uniforms.channels + c]));
    }
    var position = part * uniforms.chunk + lane;
    let end = min(uniforms.positions, (part + 1) * uniforms.chunk);
    var count = 0u;
    ${loop}
    stats.count = min(stats.count + count, 0x7fffffffu);
    result[slot * uniforms.channels + c] = stats.low;
    result[(uniforms.slots + slot) * uniforms.channels + c] = stats.high;
    result[(2 * uniforms.slots + slot) * uniforms.channels + c] = i32(stats.count);
  }`;

/**
 * Values `[outer · channels · inner]` and running `[3, channels]` → partial statistics `[3 · slots, channels]`.
 * `isFloat`: the buffer holds floats; tfjs' key of a compiled shader tells its inputs' types apart.
 */
function readProgram(slots: number, { channels, inner }: ChannelView, isFloat: boolean): WebGPUProgram {
  const value = isFloat ? 'x[at]' : 'f32(x[at])';
  const bitsAt = `fn bitsAt(at: i32) -> i32 { return bitcast<i32>(${value}); }`;
  const { name, loop } = inner === 1 ? STEPS : inner >= LANES ? RUNS : WALK;
  return flatProgram(
    `channelStatsRead${name}`,
    slots,
    channels,
    ['x', 'running'],
    READ_UNIFORMS,
    bitsAt + readCode(loop),
  );
}

const FOLD_CODE = `
  fn main(index: i32) {
    if (index >= uniforms.slots * uniforms.channels) { return; }
    let c = index % uniforms.channels;
    let slot = index / uniforms.channels;
    var stats = EMPTY;
    for (var s = slot; s < uniforms.slotsIn; s += uniforms.slots) {
      stats.low = min(stats.low, x[s * uniforms.channels + c]);
      stats.high = max(stats.high, x[(uniforms.slotsIn + s) * uniforms.channels + c]);
      let more = u32(x[(2 * uniforms.slotsIn + s) * uniforms.channels + c]);
      stats.count = min(stats.count + more, 0x7fffffffu);
    }
    result[index] = stats.low;
    result[(uniforms.slots + slot) * uniforms.channels + c] = stats.high;
    result[(2 * uniforms.slots + slot) * uniforms.channels + c] = i32(stats.count);
  }`;

/** Partial statistics `[3 · slotsIn, channels]` → `[3 · slots, channels]`, `slots = ⌈slotsIn / FOLD⌉`. */
const foldProgram = (slots: number, channels: number): WebGPUProgram =>
  flatProgram(
    'channelStatsFold',
    slots,
    channels,
    ['x'],
    'channels: i32, slotsIn: i32, slots: i32,',
    FOLD_CODE,
  );

const int32 = (...values: readonly number[]): Uniforms =>
  values.map((value) => ({ type: 'int32', data: [value] }));

function foldValues(
  backend: WebGPUBackend,
  flat: TensorInfo,
  running: TensorInfo,
  view: ChannelView,
  cut: Cut,
): TensorInfo {
  const { channels, inner } = view;
  const slots = cut.lanes * cut.chunks;
  // Neighbouring invocations take neighbouring addresses: channels where inner = 1, positions elsewhere.
  const [channelStride, laneStride] = inner === 1 ? [1, channels] : [cut.lanes, 1];
  const uniforms = int32(
    channels,
    inner,
    view.outer * inner,
    cut.lanes,
    slots,
    cut.chunk,
    channelStride,
    laneStride,
  );
  // tfjs' cast from integers to float32 relabels the tensor and keeps the integer buffer.
  const isFloat = backend.tensorMap.get(flat.dataId).dtype === 'float32';
  return backend.runWebGPUProgram(readProgram(slots, view, isFloat), [flat, running], 'int32', uniforms);
}

/** New running statistics, of values that one binding holds. `flat`: tfjs makes index code for up to six axes only. */
function foldPart(
  backend: WebGPUBackend,
  flat: TensorInfo,
  running: TensorInfo,
  view: ChannelView,
): TensorInfo {
  const cut = cutPositions(view);
  let slots = cut.lanes * cut.chunks;
  let stats = foldValues(backend, flat, running, view, cut);
  while (slots > 1) {
    const next = Math.ceil(slots / FOLD);
    const uniforms = int32(view.channels, slots, next);
    const folded = backend.runWebGPUProgram(foldProgram(next, view.channels), [stats], 'int32', uniforms);
    backend.disposeData(stats.dataId);
    [stats, slots] = [folded, next];
  }
  return stats;
}

const kernelFunc: KernelFunc = (params): TensorInfo => {
  const { x, running, view: given } = parseParams(params);
  const backend = params.backend as WebGPUBackend;
  if (util.sizeFromShape(x.shape) === 0) {
    backend.incRef(running.dataId);
    return { ...running };
  }
  const { channels } = given;
  // With one channel every position is a neighbour of the next.
  const inner = channels === 1 ? given.outer * given.inner : given.inner;
  // A part holds whole rows of all channels, or any run of positions of the only one.
  const row = channels === 1 ? 1 : channels * inner;
  let stats = running;
  const isSeen = seeParts(backend, x, row, (part, values) => {
    const view =
      channels === 1 ? { outer: 1, channels, inner: values } : { outer: values / row, channels, inner };
    const next = foldPart(backend, part, stats, view);
    if (stats !== running) backend.disposeData(stats.dataId);
    stats = next;
  });
  if (!isSeen)
    throw new DeviceError(
      `A tensor of shape [${x.shape.join(', ')}] has ${4 * row} bytes a row of channels; this GPU binds at most ${4 * bindableValues(backend)} at once. Choose the WASM backend.`,
    );
  return stats;
};

export const webgpuChannelStats: KernelConfig = {
  kernelName: CHANNEL_STATS,
  backendName: 'webgpu',
  kernelFunc,
};

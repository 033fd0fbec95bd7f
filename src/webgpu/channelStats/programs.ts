import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { LANES } from './cut';
import type { ChannelView } from './kernel';

/*
 * Two programs. The first reads every value once: each invocation owns one channel and walks the positions
 * (outer × inner) of one slot with its own minimum, maximum and count. The second folds up to FOLD slots into one,
 * and is repeated until one slot is left. No barriers, no atomics, no shared memory.
 */
const WORKGROUP = 64;

const ACCUMULATOR = `
  struct Stats { low: i32, high: i32, count: u32 };
  const EMPTY = Stats(0x7f800000, i32(0x807fffffu), 0u);
`;

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
export function readProgram(
  slots: number,
  { channels, inner }: ChannelView,
  isFloat: boolean,
): WebGPUProgram {
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
export const foldProgram = (slots: number, channels: number): WebGPUProgram =>
  flatProgram(
    'channelStatsFold',
    slots,
    channels,
    ['x'],
    'channels: i32, slotsIn: i32, slots: i32,',
    FOLD_CODE,
  );

import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { LANES } from './cut';
import type { ChannelView } from './kernel';

/*
 * Two programs. The first reads every value once: each invocation owns one channel (or four) and walks the positions
 * (outer × inner) of one slot with its own minimum, maximum and count, four values at a time where they lie side by side. The
 * second folds up to FOLD slots into one, and is repeated until one slot is left. No barriers, no atomics, no shared memory.
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

/** What is not finite changes neither minimum nor maximum. */
const TAKE = `
      let bits = bitsAt(at);
      let key = bits ^ ((bits >> Counts(31u)) & Keys(0x7fffffff));
      let isFinite = (bits & Keys(0x7f800000)) != Keys(0x7f800000);
      low = select(low, min(low, key), isFinite);
      high = select(high, max(high, key), isFinite);
      count += select(Counts(1u), Counts(0u), isFinite);`;

/** Values of a channel that lie a fixed step apart (inner = 1): one addition a value. */
const STEP_LOOP = `
    let step = uniforms.lanes * uniforms.channels;
    let stop = end * uniforms.channels;
    for (var at = position * uniforms.channels + c; at < stop; at += step) {${TAKE}
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
      for (; at < stop; at += uniforms.lanes) {${TAKE}
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
      let at = row * rowLength + c * uniforms.inner + column;${TAKE}
      position += uniforms.lanes;
      row += rowStep;
      column += columnStep;
      if (column >= uniforms.inner) { column -= uniforms.inner; row += 1; }
    }`;

const STEPS = { name: 'Steps', loop: STEP_LOOP };
const RUNS = { name: 'Runs', loop: RUN_LOOP };
const WALK = { name: 'Walk', loop: WALK_LOOP };

const XYZW = ['x', 'y', 'z', 'w'] as const;

/** What one read brings: a value, or four of the same channel, or one of each of four channels. */
const READS = {
  single: {
    types: 'alias Keys = i32; alias Counts = u32;',
    channels: 'uniforms.channels',
    ends: 'put(slot, c, Stats(low, high, count));',
  },
  positions: {
    types: 'alias Keys = vec4<i32>; alias Counts = vec4<u32>;',
    channels: 'uniforms.channels',
    ends: `
    let least = min(min(low.x, low.y), min(low.z, low.w));
    let greatest = max(max(high.x, high.y), max(high.z, high.w));
    put(slot, c, Stats(least, greatest, count.x + count.y + count.z + count.w));`,
  },
  channels: {
    types: 'alias Keys = vec4<i32>; alias Counts = vec4<u32>;',
    channels: '(4 * uniforms.channels)',
    ends: XYZW.map((k, i) => `put(slot, 4 * c + ${i}, Stats(low.${k}, high.${k}, count.${k}));`).join(
      '\n    ',
    ),
  },
} as const;
export type Reads = keyof typeof READS;

/** How the values of a view are best read: by fours where four of a channel, or of four channels, lie side by side. */
export function readsOf({ channels, inner }: ChannelView): Reads {
  if (inner === 1) return channels % 4 === 0 ? 'channels' : 'single';
  return inner % 4 === 0 && inner >= 4 * LANES ? 'positions' : 'single';
}

const readCode = (loop: string, { types, channels, ends }: (typeof READS)[Reads]): string => `
  ${types}

  fn put(slot: i32, c: i32, found: Stats) {
    var stats = found;
    if (slot == 0) {
      let count = u32(running[2 * ${channels} + c]);
      stats = Stats(min(running[c], stats.low), max(running[${channels} + c], stats.high), count + stats.count);
    }
    result[slot * ${channels} + c] = stats.low;
    result[(uniforms.slots + slot) * ${channels} + c] = stats.high;
    result[(2 * uniforms.slots + slot) * ${channels} + c] = i32(min(stats.count, 0x7fffffffu));
  }

  fn main(index: i32) {
    if (index >= uniforms.slots * uniforms.channels) { return; }
    let c = (index / uniforms.channelStride) % uniforms.channels;
    let lane = (index / uniforms.laneStride) % uniforms.lanes;
    let part = index / (uniforms.channels * uniforms.lanes);
    let slot = part * uniforms.lanes + lane;
    var low = Keys(EMPTY.low);
    var high = Keys(EMPTY.high);
    var count = Counts(0u);
    var position = part * uniforms.chunk + lane;
    let end = min(uniforms.positions, (part + 1) * uniforms.chunk);
    ${loop}
    ${ends}
  }`;

/**
 * Values `[outer · channels · inner]` and running `[3, channels]` → partial statistics `[3 · slots, channels]`. Of what is read by
 * fours, `view` has the fours: a quarter of the channels or positions.
 * `isFloat`: the buffer holds floats; tfjs' key of a compiled shader tells its inputs' types apart.
 */
export function readProgram(slots: number, view: ChannelView, reads: Reads, isFloat: boolean): WebGPUProgram {
  const { channels, inner } = view;
  const value = isFloat ? 'x[at]' : reads === 'single' ? 'f32(x[at])' : 'vec4<f32>(x[at])';
  const bitsAt = `fn bitsAt(at: i32) -> Keys { return bitcast<Keys>(${value}); }`;
  const { name, loop } = inner === 1 ? STEPS : inner >= LANES ? RUNS : WALK;
  const program = flatProgram(
    `channelStatsRead${name}_${reads}`,
    slots,
    channels,
    ['x', 'running'],
    READ_UNIFORMS,
    readCode(loop, READS[reads]) + bitsAt,
  );
  if (reads === 'single') return program;
  const outputs = reads === 'channels' ? 4 * channels : channels;
  return { ...program, outputShape: [3 * slots, outputs], variableComponents: [4, 1] };
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

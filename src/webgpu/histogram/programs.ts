import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';

/*
 * A GPU counts in the memory of each workgroup, which then adds its counts to the result: one global addition a bin and
 * workgroup instead of one a value. Software that stands in for a GPU is slow at barriers and atomics (SwiftShader took
 * longer so than tfjs' own ops); there each of few invocations counts for itself, four values at a time, and a second
 * program adds the counts up.
 */
const WORKGROUP = 256;
/** Values that are worth a workgroup's clearing and adding of all its bins. */
const VALUES_PER_GROUP = 16384;
/** Workgroups that keep a large GPU busy. */
const MAX_GROUPS = 256;

/** Invocations that count for themselves: their counts should stay in a processor's cache. Four of them are run as one. */
const SLOTS = 64;
const SLOT_WORKGROUP = 4;
const SUM_WORKGROUP = 64;
/** How many places of doubtful values an invocation keeps. */
const LISTED = 1024;

/** An invocation's counts, one for what is in no bin, and its list. */
export const slotLength = (bins: number): number => bins + 1 + LISTED;

const UNIFORMS = 'low: f32, density: f32, trusted: f32, first: i32, last: i32, count: i32,';

/** How values are read: tfjs' cast from integers to float32 relabels the tensor and keeps the integer buffer. */
const valueAt = (isFloat: boolean): string => (isFloat ? 'x[at]' : 'f32(x[at])');
const fourValuesAt = (isFloat: boolean): string => (isFloat ? 'fours[at]' : 'vec4<f32>(fours[at])');

/**
 * The bin is guessed by float arithmetic, which may be inexact on a GPU. Near the edge of a bin the guess is moved
 * until the value lies between the bin's thresholds, which are compared as integers. −0 counts as +0; −1: no bin.
 */
const binCode = (bins: number, isFloat: boolean): string => `
  fn binNear(key: i32, guess: i32) -> i32 {
    var bin = guess;
    while (key < thresholds[bin]) { bin -= 1; }
    while (key >= thresholds[bin + 1]) { bin += 1; }
    return bin;
  }

  fn binAt(at: i32) -> i32 {
    let value = ${valueAt(isFloat)};
    let given = bitcast<i32>(value);
    let bits = select(given, 0, given == i32(0x80000000u));
    let key = bits ^ ((bits >> 31u) & 0x7fffffff);
    if (key < uniforms.first || key > uniforms.last) { return -1; }
    let position = (value - uniforms.low) * uniforms.density;
    let bin = clamp(i32(position), 0, ${bins - 1});
    if (abs(position - f32(bin) - 0.5) > uniforms.trusted) { return binNear(key, bin); }
    return bin;
  }`;

/**
 * Guesses for four values: what is in no bin gets the number of bins, and so do all four where one of them is near an edge:
 * software that runs several invocations as one goes both ways of every branch, but leaves a loop that none of them is in.
 */
const fourGuessesCode = (bins: number, isFloat: boolean): string => `
  struct Guesses { bins: vec4<i32>, isDoubtful: bool };

  fn guessesAt(at: i32) -> Guesses {
    let values = ${fourValuesAt(isFloat)};
    let given = bitcast<vec4<i32>>(values);
    let bits = select(given, vec4(0), given == vec4(i32(0x80000000u)));
    let keys = bits ^ ((bits >> vec4(31u)) & vec4(0x7fffffff));
    let isInside = (keys >= vec4(uniforms.first)) & (keys <= vec4(uniforms.last));
    let positions = (values - uniforms.low) * uniforms.density;
    let guesses = clamp(vec4<i32>(positions), vec4(0), vec4(${bins - 1}));
    let isNearEdge = abs(positions - vec4<f32>(guesses) - 0.5) > vec4(uniforms.trusted);
    let isDoubtful = any(isInside & isNearEdge);
    return Guesses(select(vec4(${bins}), guesses, isInside & vec4(!isDoubtful)), isDoubtful);
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

/**
 * Each invocation counts by guesses and lists where one is doubtful, to look at these values one by one afterwards. The values
 * behind the last four are the first invocation's.
 */
const slotCode = (bins: number): string => `
  fn countExactly(own: i32, begin: i32, stop: i32) {
    for (var at = begin; at < stop; at += 1) {
      let bin = binAt(at);
      result[own + select(${bins}, bin, bin >= 0)] += 1;
    }
  }

  fn main(index: i32) {
    let own = index * ${slotLength(bins)};
    for (var b = 0; b <= ${bins}; b += 1) { result[own + b] = 0; }
    let list = own + ${bins + 1};
    let fourfold = uniforms.count / 4;
    for (var start = index; start < fourfold; start += ${SLOTS * LISTED}) {
      let stop = min(fourfold, start + ${SLOTS * LISTED});
      var end = list;
      for (var at = start; at < stop; at += ${SLOTS}) {
        let guesses = guessesAt(at);
        let places = guesses.bins + own;
        result[places.x] += 1;
        result[places.y] += 1;
        result[places.z] += 1;
        result[places.w] += 1;
        result[end] = 4 * at;
        end += select(0, 1, guesses.isDoubtful);
      }
      for (var at = list; at < end; at += 1) { countExactly(own, result[at], result[at] + 4); }
    }
    if (index == 0) { countExactly(own, 4 * fourfold, uniforms.count); }
  }`;

/** Values x `[n]` and thresholds `[bins + 1]` → counts added to the output `[bins]`. */
export const groupProgram = (bins: number, count: number, isFloat: boolean): WebGPUProgram => ({
  shaderKey: `histogram_${bins}`,
  outputShape: [bins],
  workgroupSize: [WORKGROUP, 1, 1],
  dispatchLayout: { x: [0] },
  dispatch: [Math.min(MAX_GROUPS, Math.ceil(count / VALUES_PER_GROUP)), 1, 1],
  variableNames: ['x', 'thresholds'],
  uniforms: UNIFORMS,
  atomic: true,
  getUserCode: () => binCode(bins, isFloat) + groupCode(bins),
});

/** The fewest values that a slot program takes: no binding of vectors is shorter than one. */
export const LEAST_IN_SLOTS = 4;

/**
 * Values x `[n]`, thresholds `[bins + 1]` and x once more, to be read by fours → counts of each slot and then
 * what it needed for itself, `[SLOTS, slotLength]`.
 */
export const slotProgram = (bins: number, isFloat: boolean): WebGPUProgram => ({
  shaderKey: `histogramSlots_${bins}`,
  outputShape: [SLOTS, slotLength(bins)],
  workgroupSize: [SLOT_WORKGROUP, 1, 1],
  dispatchLayout: { x: [0] },
  dispatch: [SLOTS / SLOT_WORKGROUP, 1, 1],
  variableNames: ['x', 'thresholds', 'fours'],
  variableComponents: [1, 1, 4],
  uniforms: UNIFORMS,
  getUserCode: () => binCode(bins, isFloat) + fourGuessesCode(bins, isFloat) + slotCode(bins),
});

/** Counts of each slot `[SLOTS, slotLength]` → their sums added to the output `[bins]`. */
export const sumProgram = (bins: number): WebGPUProgram => ({
  shaderKey: 'histogramSum',
  outputShape: [bins],
  workgroupSize: [SUM_WORKGROUP, 1, 1],
  dispatchLayout: { x: [0] },
  dispatch: [Math.ceil(bins / SUM_WORKGROUP), 1, 1],
  variableNames: ['slots'],
  uniforms: 'bins: i32, length: i32,',
  getUserCode: () => `
    fn main(index: i32) {
      if (index >= uniforms.bins) { return; }
      var sum = 0;
      for (var slot = 0; slot < ${SLOTS}; slot += 1) { sum += slots[slot * uniforms.length + index]; }
      result[index] += sum;
    }`,
});

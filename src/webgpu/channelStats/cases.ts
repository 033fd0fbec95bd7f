/** Inputs on which every backend must agree with the plain reference, to the bit. */
export interface StatsCase {
  readonly name: string;
  readonly shape: readonly number[];
  readonly axis: number;
  /** One array a batch, each of the shape. */
  readonly batches: readonly Float32Array[];
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

/** Repeatable values of widely different magnitude and either sign. */
function noise(size: number, seed: number): Float32Array {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
  return Float32Array.from({ length: size }, () => next() * 10 ** (6 * next()));
}

const random = (name: string, shape: readonly number[], axis: number, count = 1): StatsCase => ({
  name,
  shape,
  axis,
  batches: Array.from({ length: count }, (_, i) => noise(sizeOf(shape), shape.length * 31 + i + 1)),
});

const rows = (name: string, ...values: readonly (readonly number[])[]): StatsCase => ({
  name,
  shape: [values.length, values[0]?.length ?? 0],
  axis: 1,
  batches: [Float32Array.from(values.flat())],
});

/** Non-finite values strewn over noise, in two batches. */
function dirty(): StatsCase {
  const [first = new Float32Array(), second = new Float32Array()] = random('', [517, 33], 1, 2).batches;
  for (let i = 0; i < first.length; i += 7) first[i] = Number.NaN;
  for (let i = 3; i < second.length; i += 11)
    second[i] = i % 2 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return {
    name: 'noise with NaN and ±Inf, two batches',
    shape: [517, 33],
    axis: 1,
    batches: [first, second],
  };
}

/** The same in images, whose rows are walked by other code. */
function dirtyImages(): StatsCase {
  const { name, shape, axis, batches } = random('images with NaN and ±Inf', [5, 4, 13, 11], 1);
  const [values = new Float32Array()] = batches;
  for (let i = 0; i < values.length; i += 5) values[i] = [Number.NaN, inf, -inf][i % 3] ?? 0;
  return { name, shape, axis, batches };
}

/** What is not finite at the edges of rows and of vectors of four, whose last values come by themselves. */
function dirtyEdges(name: string, shape: readonly number[], rowSize: number): StatsCase {
  const { axis, batches } = random(name, shape, 1, 2);
  for (const [batch, values] of batches.entries())
    for (let row = 0; row * rowSize < values.length; row++)
      for (const at of [0, 3, 4, rowSize - 4, rowSize - 1])
        if ((row + at + batch) % 3 > 0) values[row * rowSize + at] = [nan, inf, -inf][(row + at) % 3] ?? 0;
  return { name, shape, axis, batches };
}

const TINY = 2 ** -149;
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

export const CASES: readonly StatsCase[] = [
  random('odd sizes', [37, 53], 1),
  random('odd sizes, rows as channels', [37, 53], 0),
  random('one row', [1, 259], -1),
  random('one column', [259, 1], 1),
  random('one value', [1, 1], 1),
  random('a number', [], 0),
  random('a vector', [1031], 0),
  random('one channel of three axes', [13, 1, 17], 1),
  random('100,000 rows', [100_000, 3], 1),
  random('100,000 rows of one channel', [100_000, 1], 1),
  random('100,000 channels', [2, 100_000], 1),
  random('image: inner 7 × 5', [3, 19, 7, 5], 1),
  random('image: few channels, large plane', [2, 3, 111, 97], 1),
  random('image: rows as long as a lane group', [9, 2, 32], 1),
  dirtyImages(),
  dirtyEdges('images with NaN and ±Inf at the edges', [3, 2, 61, 67], 61 * 67),
  dirtyEdges('one channel with NaN and ±Inf at the edges', [4099, 1], 4099),
  dirtyEdges('planes of whole fours with NaN and ±Inf at the edges', [3, 2, 16, 20], 16 * 20),
  dirtyEdges('one channel of whole fours with NaN and ±Inf at the edges', [4096, 1], 4096),
  dirtyEdges('channels in whole fours with NaN and ±Inf at the edges', [517, 36], 36),
  random('100,000 rows of four channels', [100_000, 4], 1),
  random('planes of no values', [2, 3, 0], 1),
  random('planes of no values, four channels', [2, 4, 0], 1),
  random('images of no height', [3, 8, 0, 5], 1),
  random('inner smaller than a lane group', [64, 6, 2], 1),
  random('sequence, last axis', [4, 25, 66], -1),
  random('rank 6', [2, 3, 2, 5, 2, 3], 3),
  random('five batches', [65, 129], 1, 5),
  random('four small batches', [3, 70], 1, 4),
  random('no rows', [0, 5], 1),
  random('no channels', [5, 0], 1),
  { name: 'constant', shape: [300, 4], axis: 1, batches: [new Float32Array(1200).fill(-2.5)] },
  rows('signed zeros', [0, -0, 0, -0], [0, -0, -0, 0]),
  { ...rows('signed zeros in planes', [0, -0, 0, -0, 0, 0, -0, -0, -0, 0]), shape: [1, 2, 5] },
  rows('denormals', [TINY, -TINY, 0, 2 ** -127], [3 * TINY, -5 * TINY, TINY, -(2 ** -130)]),
  rows('extremes', [3.4028234663852886e38, -3.4028234663852886e38], [inf, -inf]),
  rows('NaN and infinities', [nan, 1, inf, -inf], [2, nan, 3, 4], [-1, 0, nan, nan]),
  rows('channels without a finite value', [nan, inf, 0], [nan, -inf, nan], [nan, nan, 1]),
  dirty(),
];

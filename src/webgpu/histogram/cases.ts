/** Values and bins on which every backend must count as the plain reference does. */
export interface HistogramCase {
  readonly name: string;
  readonly values: Float32Array;
  readonly low: number;
  readonly high: number;
  readonly bins: number;
}

/** Repeatable values in −1…1, more of them near 0. */
export function noise(size: number, seed: number): Float32Array {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
  return Float32Array.from({ length: size }, () => next() * next());
}

const random = (name: string, size: number, low: number, high: number, bins = 2048): HistogramCase => ({
  name,
  values: noise(size, size + bins),
  low,
  high,
  bins,
});

const given = (
  name: string,
  values: readonly number[],
  low: number,
  high: number,
  bins = 2048,
): HistogramCase => ({ name, values: Float32Array.from(values), low, high, bins });

/** Every edge of the bins and its neighbours: where an inexact division would go wrong. */
function edges(low: number, high: number, bins: number): HistogramCase {
  const word = new Int32Array(1);
  const float = new Float32Array(word.buffer);
  const values: number[] = [];
  for (let bin = 0; bin <= bins; bin++) {
    float[0] = low + ((high - low) * bin) / bins;
    for (let step = -2; step <= 2; step++) {
      const centre = word[0] ?? 0;
      word[0] = centre + step;
      values.push(float[0] ?? 0);
      word[0] = centre;
    }
  }
  return given(`the edges of ${bins} bins in ${low}…${high} and their neighbours`, values, low, high, bins);
}

const TINY = 2 ** -149;
const HUGE = 2 ** 126;
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

export const CASES: readonly HistogramCase[] = [
  random('no value', 0, -1, 1),
  random('one value', 1, -1, 1),
  random('three values', 3, -1, 1),
  random('four values', 4, -1, 1),
  random('seven values', 7, -1, 1),
  random('odd size', 1031, -1, 1),
  random('a power of two and one', 16_385, -1, 1),
  random('100,003 values, most of them outside', 100_003, -0.125, 0.25),
  random('an uneven number of bins', 50_021, -0.7, 0.9, 77),
  random('one bin', 5003, -0.5, 0.5, 1),
  random('the most bins', 50_021, -1, 1, 4096),
  random('edges far from zero', 20_011, 1e6, 1e6 + 1),
  random('4 million values', 4_000_000, -1, 1),
  edges(-3, 5, 2048),
  edges(-1.7, 0.3, 1000),
  edges(0, 0.1, 2048),
  edges(100, 107, 333),
  given('the edges themselves', [0, 1, 0, 1, 0.5, -0], 0, 1, 4),
  given(
    'constant data',
    Array.from({ length: 3001 }, () => 2.5),
    2.5,
    2.5,
  ),
  given(
    'constant zero',
    Array.from({ length: 3001 }, () => 0),
    0,
    0,
    3,
  ),
  given('signed zeros at the edges', [0, -0, 0, -0], -0, 1, 8),
  given('negative zero as the upper edge', [0, -0, -0.5, 0.5], -1, -0, 8),
  given('NaN and infinities', [nan, 0.5, inf, -inf, nan, 0.25, 3, -3], 0, 1, 16),
  given('denormals', [TINY, -TINY, 5 * TINY, 0, 2 ** -127], -8 * TINY, 8 * TINY, 16),
  given('huge values', [HUGE, -HUGE, HUGE / 3, 0, 1], -HUGE, HUGE),
  given('more bins than floats between the edges', [1, 1 + 2 ** -23, 1 + 2 ** -22], 1, 1 + 2 ** -22),
];

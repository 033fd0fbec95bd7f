import { describe, expect, it } from 'vitest';
import {
  floatOfKey,
  KEY_OF_INFINITY,
  KEY_OF_MINUS_INFINITY,
  keyOfFloat,
} from '../webgpu/channelStats/orderedKey';
import { channelStatsReference } from '../webgpu/channelStats/reference';
import { planeStatsIn } from './planeStats';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
/** Where the statistics are, in bytes; the values come after them. */
const STATS = 64;
const VALUES = 65_536 + 4;

/** Statistics of every channel before the values. */
interface Before {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** The program on values that lie between others that would show in every statistic. */
function run(
  values: Float32Array,
  outer: number,
  channels: number,
  inner: number,
  before: Before = { low: KEY_OF_INFINITY, high: KEY_OF_MINUS_INFINITY, count: 0 },
): Int32Array {
  const memory = new WebAssembly.Memory({ initial: 4 });
  const program = planeStatsIn(memory);
  if (!program) throw new Error('Node has SIMD.');
  new Float32Array(memory.buffer, 65_536).fill(nan);
  new Float32Array(memory.buffer, VALUES, values.length).set(values);
  const around = new Int32Array(memory.buffer, 0, STATS / 4 + 3 * channels + 4).fill(7);
  const stats = new Int32Array(memory.buffer, STATS, 3 * channels);
  stats.fill(before.low, 0, channels);
  stats.fill(before.high, channels, 2 * channels);
  stats.fill(before.count, 2 * channels);
  program(VALUES, STATS, outer, channels, inner);
  const rest = [...around.subarray(0, STATS / 4), ...around.subarray(STATS / 4 + 3 * channels)];
  expect(rest).toEqual(rest.map(() => 7));
  return stats;
}

function expectReference(values: Float32Array, outer: number, channels: number, inner: number): void {
  const stats = run(values, outer, channels, inner);
  const { min, max, nonFinite } = channelStatsReference(values, outer, channels, inner);
  // Bits, so that −0 differs from +0.
  const bitsOf = (floats: Float32Array) => [...new Int32Array(floats.buffer)];
  const floats = Float32Array.from(stats.subarray(0, 2 * channels), floatOfKey);
  expect(bitsOf(floats)).toEqual([...bitsOf(min), ...bitsOf(max)]);
  expect([...stats.subarray(2 * channels)]).toEqual([...nonFinite]);
}

const noise = (size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898) * 10 ** ((i % 11) - 5));

describe('statistics of planes on WASM', () => {
  it('are what the plain reference finds in rows of every length up to five vectors', () => {
    for (let inner = 1; inner <= 20; inner++) expectReference(noise(6 * inner), 2, 3, inner);
  });

  it.each([
    [1, 1, 4099],
    [3, 2, 1024],
    [7, 5, 49],
  ])('are so in %d rows of %d channels of %d values', (outer, channels, inner) => {
    expectReference(noise(outer * channels * inner), outer, channels, inner);
  });

  it.each([nan, -nan, inf, -inf])('leave out and count %d wherever in a row it stands', (bad) => {
    for (const inner of [1, 3, 4, 5, 16, 19])
      for (let at = 0; at < inner; at++) {
        const values = noise(4 * inner);
        values[at] = bad;
        values[3 * inner + at] = bad;
        expectReference(values, 2, 2, inner);
      }
  });

  it('count NaN of either sign and every payload', () => {
    const values = noise(9);
    const bits = new Int32Array(values.buffer);
    bits.set([0x7f800001, -1, 0x7fffffff, 0xff800001 | 0], 2);
    bits[8] = 0xffc00000 | 0;
    const stats = run(values, 1, 1, 9);
    expect(stats[2]).toBe(5);
    expectReference(values, 1, 1, 9);
  });

  it('find nothing where all is NaN or infinite', () => {
    const values = Float32Array.from({ length: 22 }, (_, i) => [nan, inf, -inf][i % 3] ?? 0);
    expect([...run(values, 1, 2, 11)]).toEqual([
      ...[KEY_OF_INFINITY, KEY_OF_INFINITY, KEY_OF_MINUS_INFINITY, KEY_OF_MINUS_INFINITY],
      ...[11, 11],
    ]);
  });

  it('tell −0 from 0, and take denormals for what they are', () => {
    for (const values of [
      [0, -0, 0, 0, -0],
      [-0, -0, -0, -0, -0],
      [0, 0, 0, 0, 0],
      [1e-45, 0, -0, 3e-45, -1e-45],
      [-3e-45, -1e-45, -1e-45, -2e-45, -1e-45],
    ])
      expectReference(Float32Array.from(values), 1, 1, 5);
  });

  it.each([
    [0, 3, 8],
    [2, 0, 8],
    [2, 3, 0],
  ])('change nothing for %d rows of %d channels of %d values', (outer, channels, inner) => {
    const stats = run(new Float32Array(), outer, channels, inner, { low: -3, high: 4, count: 5 });
    expect([...stats]).toEqual([-3, 4, 5].flatMap((value) => Array<number>(channels).fill(value)));
  });

  it('widen the range that was there before', () => {
    const values = Float32Array.of(2, -1, 3, nan, 0);
    const keys = (low: number, high: number) => ({ low: keyOfFloat(low), high: keyOfFloat(high), count: 2 });
    const widened = (low: number, high: number) => {
      const [least = 0, greatest = 0, count] = run(values, 1, 1, 5, keys(low, high));
      return [floatOfKey(least), floatOfKey(greatest), count];
    };
    expect(widened(-5, 7)).toEqual([-5, 7, 3]);
    expect(widened(-0.5, 0.5)).toEqual([-1, 3, 3]);
    expect(widened(5, 6)).toEqual([-1, 6, 3]);
  });

  it('stop counting at 2³¹ − 1', () => {
    const values = new Float32Array(10).fill(nan);
    const counted = (count: number) => run(values, 1, 1, 10, { low: 0, high: 0, count })[2];
    expect(counted(4)).toBe(14);
    expect(counted(2 ** 31 - 11)).toBe(2 ** 31 - 1);
    expect(counted(2 ** 31 - 10)).toBe(2 ** 31 - 1);
    expect(counted(2 ** 31 - 1)).toBe(2 ** 31 - 1);
  });
});

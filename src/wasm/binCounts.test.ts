import { describe, expect, it } from 'vitest';
import { CASES, noise } from '../webgpu/histogram/cases';
import { type Bins, binsBetween } from '../webgpu/histogram/kernel';
import { histogramReference } from '../webgpu/histogram/reference';
import { binCountsIn, COUNTS_A_BIN } from './binCounts';

/** Where the numbers of the bins are, in bytes; the counts come after them, then the values. */
const EDGES = 64;
const COUNTS = EDGES + 16;
const PAGE = 65_536;
const UNTOUCHED = 7;

/** The program on values that lie between others that would be counted. */
function run(values: Float32Array, { low, high, bins }: Bins) {
  const rows = COUNTS_A_BIN * (bins + 1);
  const start = COUNTS + 4 * rows + 4;
  const end = start + values.byteLength;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((end + 64) / PAGE) });
  const program = binCountsIn(memory);
  if (!program) throw new Error('Node has SIMD.');
  new Float32Array(memory.buffer, start - 4).fill(low);
  new Float32Array(memory.buffer, start, values.length).set(values);
  const around = new Int32Array(memory.buffer, 0, COUNTS / 4).fill(UNTOUCHED);
  new Float32Array(memory.buffer, EDGES, 4).set([low, high, Math.fround(high - low), bins]);
  const counts = new Int32Array(memory.buffer, COUNTS, rows).fill(0);
  program(start, values.length, COUNTS, EDGES, bins);
  expect([...around.subarray(0, EDGES / 4)]).toEqual(Array(EDGES / 4).fill(UNTOUCHED));
  const sums = Array.from({ length: bins + 1 }, (_, bin) =>
    counts.subarray(bin * COUNTS_A_BIN, (bin + 1) * COUNTS_A_BIN).reduce((sum, count) => sum + count, 0),
  );
  return { counts: sums.slice(0, bins), outside: sums[bins] };
}

describe('counts of values in bins on WASM', () => {
  it.each(CASES)('are what the plain reference counts: $name', ({ values, low, high, bins }) => {
    const between = binsBetween(low, high, bins);
    const expected = [...histogramReference(values, between)];
    const { counts, outside } = run(values, between);
    expect(counts).toEqual(expected);
    expect(outside).toBe(values.length - expected.reduce((sum, count) => sum + count, 0));
  });

  it('are so for every number of values up to five vectors', () => {
    const between = binsBetween(-0.5, 0.75, 13);
    for (let size = 0; size <= 20; size++) {
      const values = noise(size, size);
      expect(run(values, between).counts, `${size} values`).toEqual([...histogramReference(values, between)]);
    }
  });

  it('add to what was counted before', () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const counts = new Int32Array(memory.buffer, 64, 3 * COUNTS_A_BIN);
    new Float32Array(memory.buffer, 0, 4).set([0, 1, 1, 2]);
    new Float32Array(memory.buffer, 1024, 5).set([0, 0.25, 0.75, 1, 2]);
    for (let time = 0; time < 2; time++) binCountsIn(memory)?.(1024, 5, 64, 0, 2);
    const sum = (bin: number) => counts.slice(4 * bin, 4 * bin + 4).reduce((all, count) => all + count, 0);
    expect([0, 1, 2].map(sum)).toEqual([4, 4, 2]);
  });
});

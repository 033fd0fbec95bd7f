import { describe, expect, it } from 'vitest';
import { foldChannelStats } from '../webgpu/channelStats/hostKernel';
import { KEY_OF_INFINITY, KEY_OF_MINUS_INFINITY } from '../webgpu/channelStats/orderedKey';
import { columnStatsIn } from './columnStats';

const SPECIAL = [
  0,
  -0,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e-45,
  -1e-45,
  3.4e38,
];

describe('statistics of columns on WASM', () => {
  it.each([
    [1, 4],
    [7, 12],
    [33, 64],
    [0, 8],
    [5, 0],
  ])('are, to the bit, what plain loops find in %d rows of %d', (rows, columns) => {
    const memory = new WebAssembly.Memory({ initial: 2 });
    const program = columnStatsIn(memory);
    if (!program) throw new Error('Node has SIMD.');
    const values = new Float32Array(memory.buffer, 64, rows * columns);
    values.forEach((_, i) => {
      const special = SPECIAL[i % 23];
      values[i] = special ?? Math.sin(i * 12.9898) * 10 ** ((i % 11) - 5);
    });
    const stats = new Int32Array(memory.buffer, 65_536, 3 * columns + 1);
    stats.fill(KEY_OF_INFINITY, 0, columns);
    stats.fill(KEY_OF_MINUS_INFINITY, columns, 2 * columns);
    stats.fill(2 ** 31 - 2, 2 * columns);
    const expected = stats.slice();
    const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
    for (let round = 0; round < 2; round++) {
      if (columns > 0)
        foldChannelStats(
          bits,
          { outer: rows, channels: columns, inner: 1 },
          expected.subarray(0, 3 * columns),
        );
      program(values.byteOffset, stats.byteOffset, rows, columns);
    }
    expect([...stats]).toEqual([...expected]);
  });
});

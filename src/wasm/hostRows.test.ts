import { describe, expect, it } from 'vitest';
import { rangeColumns, scaleColumns, scaleRows } from './hostRows';

const SPECIAL = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-45, 3.4e38];

const numbers = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => SPECIAL[(i * 7) % 131] ?? Math.sin((i + 1) * seed) * 10 ** (i % 7));

const bits = (values: Float32Array) => new Int32Array(values.buffer, values.byteOffset, values.length);

/** Some for the plain loop, some for the programs, some with rows longer than a block. */
describe.each([
  [3, 5],
  [1000, 7],
  [1024, 4],
  [37, 400],
  [3, 40_000],
  [700, 768],
])('%d rows of %d', (rows, columns) => {
  const data = numbers(rows * columns, 12.9898);

  it('widen ranges as < and > do', () => {
    const [low, high] = [numbers(columns, 3.7), numbers(columns, 5.1)];
    const [least, most] = [low.slice(), high.slice()];
    for (let i = 0; i < data.length; i++) {
      const [c, value] = [i % columns, data[i] ?? 0];
      if (value < (least[c] ?? 0)) least[c] = value;
      if (value > (most[c] ?? 0)) most[c] = value;
    }
    rangeColumns(data, low, high);
    expect(bits(low)).toEqual(bits(least));
    expect(bits(high)).toEqual(bits(most));
  });

  it('are multiplied by column and by row, to the bit', () => {
    const [byColumn, byRow] = [numbers(columns, 8.3), numbers(rows, 2.9)];
    const expected = [
      data.map((value, i) => value * (byColumn[i % columns] ?? 1)),
      data.map((value, i) => value * (byRow[Math.floor(i / columns)] ?? 1)),
    ];
    const made = [data.slice(), data.slice()];
    scaleColumns(made[0] ?? data, byColumn);
    scaleRows(made[1] ?? data, byRow);
    for (const [i, found] of made.entries()) {
      const wanted = expected[i] ?? data;
      // NaN has many bits; which of them is the machine's choice.
      const differs = found.findIndex((value, at) => !Object.is(value, wanted[at]));
      expect([i, differs]).toEqual([i, -1]);
    }
  });
});

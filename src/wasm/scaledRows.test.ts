import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTestDevice } from '../exec/testDevice';
import { scaleRows } from './hostRows';
import { canScaleRows, type ScaledPart, scaledRows } from './scaledRows';

const SPECIAL = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-45, 3.4e38];

const numbers = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => SPECIAL[(i * 7) % 131] ?? Math.sin((i + 1) * seed) * 10 ** (i % 7));

const byColumn = (columns: number, seed: number) =>
  ({ by: 'column', factors: numbers(columns, seed) }) as const;
const byRow = (rows: number, seed: number) => ({ by: 'row', factors: numbers(rows, seed) }) as const;

/** One part, and two with factors of their own; rows longer than a block too. */
const cases = [
  [1, 4],
  [7, 12],
  [100, 768],
  [3, 40_000],
].flatMap(([rows = 0, columns = 0]) =>
  [[0], [0, Math.floor(rows / 2)]].map((starts) => [rows, columns, [...new Set(starts)]] as const),
);

describe('rows on WASM', () => {
  beforeAll(() => openTestDevice('wasm'));

  it.each(cases)('%d × %d, parts from %j: are multiplied as on the host, to the bit', async (...given) => {
    const [rows, columns, starts] = given;
    const data = numbers(rows * columns, 12.9898);
    const parts = starts.map((from, i): ScaledPart => {
      const until = starts[i + 1] ?? rows;
      const [column, row] = [byColumn(columns, 8.3 + i), byRow(until - from, 2.9 + i)];
      return { from, until, scalings: i === 0 ? [column, row] : [row, column, row] };
    });
    const wanted = new Float32Array(data.length);
    for (const { from, until, scalings } of parts) {
      const part = [from * columns, until * columns] as const;
      scaleRows(data.subarray(...part), wanted.subarray(...part), columns, scalings);
    }
    const before = tf.memory().numTensors;
    const x = tf.tensor2d(data, [rows, columns]);
    const y = scaledRows(x, parts);
    const [found, source] = [await y.data(), await x.data()];
    expect(y.shape).toEqual([rows, columns]);
    expect(wanted.findIndex((value, i) => !Object.is(value, found[i]))).toBe(-1);
    // The source stays as it was.
    expect(data.findIndex((value, i) => !Object.is(value, source[i]))).toBe(-1);
    x.dispose();
    y.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('of no whole vectors, or none, are left to the host', () => {
    expect([0, 1, 2, 3, 4, 6, 8].map(canScaleRows)).toEqual([false, false, false, false, true, false, true]);
  });
});

it('no other backend multiplies them', async () => {
  await openTestDevice('cpu');
  expect(canScaleRows(4)).toBe(false);
});

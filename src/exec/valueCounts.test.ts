import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import VALUE_COUNTS from '../../e2e/oracle/value-counts.json';
import { nodeName } from '../graph/ids';
import { floatTensor } from '../graph/tensor';
import { roundHalfToEven } from '../quant/qparams';
import type { Job } from './job';
import { openTestDevice, TEST_BACKENDS } from './testDevice';
import { batchOf, matrix, TestModel } from './testModel';
import { type CountGrid, countValues, VALUE_BINS, ValueCounter } from './valueCounts';

const numbers = z.array(z.number());
const GOLDEN = z
  .object({
    count: z.number(),
    low: z.number(),
    high: z.number(),
    bins: numbers,
    grids: z.array(
      z.object({
        scale: z.number(),
        zeroPoint: z.number(),
        quantMin: z.number(),
        quantMax: z.number(),
        levels: numbers,
        clippedLow: z.number(),
        clippedHigh: z.number(),
      }),
    ),
  })
  .parse(VALUE_COUNTS);

/** As e2e/oracle/value_counts.py makes them. */
const VALUES = Float32Array.from({ length: GOLDEN.count }, (_, index) => {
  const step = Math.fround((((index * 7919) % 10007) - 5003) / 4096);
  return Math.fround(Math.fround(Math.fround(step * step) * step) * 8);
});

const gridOf = ({ scale, zeroPoint, quantMin, quantMax }: (typeof GOLDEN.grids)[number]): CountGrid => ({
  qparams: [{ scale, zeroPoint }],
  quantMin,
  quantMax,
});

const job = (progress: Job['progress'] = () => undefined, signal = new AbortController().signal): Job => ({
  signal,
  progress,
});

/** x → fc, which negates, → relu. */
function network() {
  const g = new TestModel();
  g.input('x');
  g.linear('fc', 'x', [[-1]]);
  g.call('relu', 'torch.relu', 'fc');
  return g.build('relu');
}
const column = (values: ArrayLike<number>) => floatTensor([values.length, 1], Float32Array.from(values));

describe.each(TEST_BACKENDS)('values counted on %s', (backend) => {
  beforeAll(() => openTestDevice(backend));

  it.each(GOLDEN.grids)('are those of torch.histc and fake_quantize, scale $scale', async (golden) => {
    const counter = new ValueCounter({ min: GOLDEN.low, max: GOLDEN.high }, 0, gridOf(golden));
    // In two parts, as batches come.
    for (const part of [VALUES.subarray(0, 7000), VALUES.subarray(7000)]) {
      const tensor = tf.tensor1d(part);
      await counter.add(counter.count(tensor));
      tensor.dispose();
    }
    const { bins, levels, total, ...counts } = counter.result();
    expect([...bins]).toEqual(GOLDEN.bins);
    expect([...(levels ?? [])]).toEqual(golden.levels);
    expect(counts).toMatchObject({ clippedLow: golden.clippedLow, clippedHigh: golden.clippedHigh });
    expect(total).toBe(GOLDEN.count);
  });

  it('counts by a grid a row, as a plain loop does', async () => {
    const qparams = [
      { scale: 0.05, zeroPoint: 0 },
      { scale: 0.013, zeroPoint: 5 },
    ];
    const half = 10000;
    const counter = new ValueCounter({ min: -9, max: 9 }, 0, { qparams, quantMin: -64, quantMax: 63 });
    const tensor = tf.tensor2d(VALUES.subarray(0, 2 * half), [2, half]);
    await counter.add(counter.count(tensor));
    tensor.dispose();
    const levels = new Array<number>(128).fill(0);
    let [below, above] = [0, 0];
    VALUES.subarray(0, 2 * half).forEach((value, i) => {
      const { scale, zeroPoint } = qparams[i < half ? 0 : 1] ?? { scale: 1, zeroPoint: 0 };
      const level = roundHalfToEven(Math.fround(value * Math.fround(1 / Math.fround(scale)))) + zeroPoint;
      if (level < -64) below++;
      else if (level > 63) above++;
      else levels[level + 64] = (levels[level + 64] ?? 0) + 1;
    });
    const counted = counter.result();
    expect([...(counted.levels ?? [])]).toEqual(levels);
    expect([counted.clippedLow, counted.clippedHigh]).toEqual([below, above]);
  });

  it('runs a model up to the value, and no further', async () => {
    const batches = [batchOf({ x: column([-1, 2, Number.NaN]) }), batchOf({ x: column([-3]) })];
    const grid = { qparams: [{ scale: 1, zeroPoint: 0 }], quantMin: 0, quantMax: 2 };
    const before = tf.memory().numTensors;
    const seen: number[] = [];
    const fc = await countValues(
      network(),
      nodeName('fc'),
      grid,
      batches,
      job((_, done) => seen.push(done)),
    );
    expect(fc).toMatchObject({ low: -2, high: 3, total: 4, nonFinite: 1, clippedLow: 1, clippedHigh: 1 });
    expect([...(fc.levels ?? [])]).toEqual([0, 1, 0]);
    expect(fc.bins).toHaveLength(VALUE_BINS);
    expect(fc.bins.reduce((sum, count) => sum + count)).toBe(3);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(4);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names a value that is never finite, and leaves nothing behind when cancelled', async () => {
    const before = tf.memory().numTensors;
    const nan = [batchOf({ x: matrix([[Number.NaN]]) })];
    await expect(countValues(network(), nodeName('fc'), null, nan, job())).rejects.toThrow(
      "Node 'fc' has no finite value",
    );
    const controller = new AbortController();
    const reason = new Error('enough');
    const stopping = job((_, done) => done === 3 && controller.abort(reason), controller.signal);
    const batches = [batchOf({ x: column([1]) }), batchOf({ x: column([2]) })];
    await expect(countValues(network(), nodeName('relu'), null, batches, stopping)).rejects.toBe(reason);
    expect(tf.memory().numTensors).toBe(before);
  });
});

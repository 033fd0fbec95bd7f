import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeName } from '../graph/ids';
import { floatTensor } from '../graph/tensor';
import { collectChannelStats } from './collectStats';
import type { Job } from './job';
import { openTestDevice, TEST_BACKENDS } from './testDevice';
import { batchOf, matrix, TestModel } from './testModel';

const job = (signal = new AbortController().signal, done: number[] = []): Job => ({
  signal,
  progress: (_, at) => done.push(at),
});

/** x → observer → Linear that swaps the columns and negates the second. */
function observed(): TestModel {
  const g = new TestModel();
  g.input('x');
  g.module('obs', 'x', { type: 'torch.ao.quantization.observer.MinMaxObserver' });
  g.linear('fc', 'obs', [
    [0, 1],
    [-1, 0],
  ]);
  return g;
}

const batches = [
  batchOf({
    x: matrix([
      [1, Number.NaN],
      [3, -7],
    ]),
  }),
  batchOf({
    x: matrix([
      [-4, 5],
      [2, Number.POSITIVE_INFINITY],
      [0, 6],
    ]),
  }),
];
const finite = [batches[0], batches[1]].map((_, i) =>
  batchOf({
    x: matrix(
      i === 0
        ? [
            [1, 9],
            [3, -7],
          ]
        : [[-4, 5]],
    ),
  }),
);

describe.each(TEST_BACKENDS)('collectChannelStats on %s', (backend) => {
  beforeAll(async () => {
    await openTestDevice(backend);
  });

  it('gives ranges over all batches and counts what is not finite', async () => {
    const before = tf.memory().numTensors;
    const done: number[] = [];
    const taps = [
      { node: nodeName('x'), axis: -1 },
      { node: nodeName('obs'), axis: -1 },
    ];
    const stats = await collectChannelStats(observed().build('fc'), taps, batches, job(undefined, done));
    for (const name of ['x', 'obs']) {
      const { min, max, nonFinite, samples } = stats.get(nodeName(name)) ?? {};
      expect([Array.from(min ?? []), Array.from(max ?? [])]).toEqual([
        [-4, -7],
        [3, 6],
      ]);
      expect(Array.from(nonFinite ?? [])).toEqual([0, 2]);
      expect(samples).toBe(5);
    }
    // A machine that is slow for a moment tells parts of a batch as well.
    expect(done.filter(Number.isInteger)).toEqual([0, 1, 2]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the range of each batch where asked to', async () => {
    const before = tf.memory().numTensors;
    const taps = [
      { node: nodeName('x'), axis: -1, byBatch: true },
      { node: nodeName('fc'), axis: -1 },
    ];
    const stats = await collectChannelStats(observed().build('fc'), taps, batches, job());
    expect(stats.get(nodeName('x'))?.batches).toEqual([
      { min: -7, max: 3 },
      { min: -4, max: 6 },
    ]);
    expect(stats.get(nodeName('fc'))?.batches).toBeUndefined();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("sees a layer's output, by row and by column", async () => {
    const model = observed().build('fc');
    const columns = await collectChannelStats(model, [{ node: nodeName('fc'), axis: 1 }], finite, job());
    const stats = columns.get(nodeName('fc'));
    expect([Array.from(stats?.min ?? []), Array.from(stats?.max ?? [])]).toEqual([
      [-7, -3],
      [9, 4],
    ]);
    const [first] = finite;
    const rows = await collectChannelStats(
      model,
      [{ node: nodeName('fc'), axis: 0 }],
      first ? [first] : [],
      job(),
    );
    expect(Array.from(rows.get(nodeName('fc'))?.max ?? [])).toEqual([9, -3]);
  });

  it('takes a vector as one channel an element, and casts integers', async () => {
    const g = new TestModel();
    g.input('v');
    const vector = batchOf({ v: { dtype: 'int32', shape: [3], data: Int32Array.of(5, -6, 7) } });
    const stats = await collectChannelStats(
      g.build('v'),
      [{ node: nodeName('v'), axis: -1 }],
      [vector],
      job(),
    );
    expect(Array.from(stats.get(nodeName('v'))?.min ?? [])).toEqual([5, -6, 7]);
  });

  it('stops when cancelled, with the reason, and leaks nothing', async () => {
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const reason = new Error('cancelled by the user');
    const stopping: Job = {
      signal: controller.signal,
      progress: (_, at) => at === 1 && controller.abort(reason),
    };
    const taps = [{ node: nodeName('x'), axis: -1 }];
    await expect(collectChannelStats(observed().build('fc'), taps, finite, stopping)).rejects.toBe(reason);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names the tap that cannot be served', async () => {
    const model = observed().build('fc');
    const collect = (name: string, axis: number, data = finite) =>
      collectChannelStats(model, [{ node: nodeName(name), axis }], data, job());
    await expect(collect('fc', 2)).rejects.toThrow(
      "Node 'fc': Axis 2 lies outside the tensor of shape [2, 2].",
    );
    await expect(collect('fc', 0)).rejects.toThrow(
      /'fc' has 1 channels on axis 0 in this batch and 2 in an earlier/,
    );
    await expect(collect('fc', 1, [])).rejects.toThrow(/'fc' had no value in any batch/);
    await expect(collect('nothing', 1)).rejects.toThrow(/no node 'nothing'/);
  });

  it('reports a channel without finite values as an observer that has seen nothing', async () => {
    const g = new TestModel();
    g.input('x');
    const data = batchOf({ x: floatTensor([2, 1], Float32Array.of(Number.NaN, Number.NEGATIVE_INFINITY)) });
    const stats = await collectChannelStats(g.build('x'), [{ node: nodeName('x'), axis: 1 }], [data], job());
    const { min, max, nonFinite } = stats.get(nodeName('x')) ?? {};
    expect([min?.[0], max?.[0], nonFinite?.[0]]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      2,
    ]);
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { floatTensor } from '../graph/tensor';
import { accuracy, compareEach, compareModels } from './compare';
import { ComparisonSum } from './comparison';
import type { Job } from './job';
import { openTestDevice, TEST_BACKENDS } from './testDevice';
import { batchOf, matrix, TestModel } from './testModel';

const job: Job = { signal: new AbortController().signal, progress: () => {} };

/** x → Linear(weight) → + 0. */
function model(weight: readonly (readonly number[])[], outputs = ['sum']): Model {
  const g = new TestModel();
  g.input('x');
  g.linear('fc', 'x', weight);
  g.call('sum', 'operator.add', 'fc', 0);
  return g.build(...outputs);
}

const eye = [
  [1, 0],
  [0, 1],
];
const batches = [batchOf({ x: matrix([[3, 4]]) }), batchOf({ x: matrix([[0, -1]]) })];

describe('ComparisonSum', () => {
  const compare = (reference: readonly number[], candidate: readonly number[]) => {
    const sum = new ComparisonSum();
    sum.add(reference, candidate, null);
    return sum.result();
  };
  const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minusInf } = Number;

  it('leaves out and counts what is not finite in the reference', () => {
    expect(compare([nan, inf, 10], [0, nan, 9])).toEqual({
      maxAbsError: 1,
      maxRelError: 0.1,
      sqnr: 20,
      compared: 1,
      excluded: 2,
    });
  });

  it('has no mercy on a candidate that is not finite where the reference is', () => {
    for (const bad of [nan, inf, minusInf])
      expect(compare([1, 2], [1, bad])).toMatchObject({ maxAbsError: inf, maxRelError: inf, sqnr: minusInf });
  });

  it('has no SQNR without a signal', () => {
    expect(compare([0, 0], [0, 1])).toEqual({
      maxAbsError: 1,
      maxRelError: inf,
      sqnr: null,
      compared: 2,
      excluded: 0,
    });
    expect(compare([], [])).toEqual({ maxAbsError: 0, maxRelError: 0, sqnr: null, compared: 0, excluded: 0 });
  });
});

describe.each(TEST_BACKENDS)('comparing models on %s', (backend) => {
  beforeAll(async () => {
    await openTestDevice(backend);
  });

  it('finds a model equal to itself', async () => {
    const { outputs } = await compareModels(model(eye), model(eye), batches, [], job);
    expect(outputs).toMatchObject({
      maxAbsError: 0,
      maxRelError: 0,
      sqnr: Number.POSITIVE_INFINITY,
      excluded: 0,
    });
  });

  it('measures errors over all batches and outputs, and frees everything', async () => {
    const before = tf.memory().numTensors;
    const other = [
      [1.5, 0],
      [0, 1],
    ];
    const { outputs } = await compareModels(
      model(eye, ['sum', 'x']),
      model(other, ['sum', 'x']),
      batches,
      [],
      job,
    );
    expect(outputs.maxAbsError).toBe(1.5);
    expect(outputs.maxRelError).toBe(1.5 / 4);
    // Signal: 9 + 16 + 1 in either output; noise: 1.5² in one.
    expect(outputs.sqnr).toBeCloseTo(10 * Math.log10(52 / 2.25), 10);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('measures several candidates as it measures each alone, and tells of each', async () => {
    const before = tf.memory().numTensors;
    const told: number[] = [];
    const candidates = [2, 3].map((slope) => ({
      model: model([
        [slope, 0],
        [0, 1],
      ]),
      taps: [{ name: 'fc', reference: nodeName('fc'), candidate: nodeName('fc'), unscale: null }],
    }));
    const listening = { ...job, progress: (_: string, done: number) => told.push(done) };
    const together = await compareEach(model(eye), candidates, batches, listening);
    const alone = await Promise.all(
      candidates.map((c) => compareEach(model(eye), [c], batches, job).then(([one]) => one)),
    );
    expect(together).toEqual(alone);
    expect(together[0]).not.toEqual(together[1]);
    // A machine that is slow for a moment tells parts of a batch as well.
    expect(told.filter(Number.isInteger)).toEqual(
      Array.from({ length: 2 * batches.length + 1 }, (_, i) => i),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('divides a tapped value by its scale', async () => {
    const scaled = [
      [8, 0],
      [0, 0.5],
    ];
    const tap = { name: 'fc', reference: nodeName('fc'), candidate: nodeName('fc') };
    const taps = [
      { ...tap, unscale: { values: Float32Array.of(8, 0.5), axis: -1 } },
      { ...tap, name: 'raw', unscale: null },
    ];
    const result = await compareModels(model(eye), model(scaled), batches, taps, job);
    expect(result.taps.get('fc')?.sqnr).toBe(Number.POSITIVE_INFINITY);
    expect(result.taps.get('raw')?.maxAbsError).toBe(21);
  });

  it('divides by the scale along the axis of the channels', async () => {
    const conv1d = (slopes: readonly number[]) => {
      const g = new TestModel();
      const weight = floatTensor([2, 1, 1], Float32Array.from(slopes));
      return g.build(g.call('conv', 'torch.conv1d', g.input('x'), g.constant('w', weight)));
    };
    const x = floatTensor([2, 1, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
    const tap = { name: 'conv', reference: nodeName('conv'), candidate: nodeName('conv') };
    const unscale = { values: Float32Array.of(8, 0.5), axis: -2 };
    const data = [batchOf({ x })];
    const taps = [{ ...tap, unscale }];
    const result = await compareModels(conv1d([1, 2]), conv1d([8, 1]), data, taps, job);
    expect(result.taps.get('conv')).toMatchObject({ sqnr: Number.POSITIVE_INFINITY, compared: 12 });
  });

  it('says what does not fit, and leaks nothing', async () => {
    const before = tf.memory().numTensors;
    const tap = { name: 't', reference: nodeName('fc'), candidate: nodeName('nothing'), unscale: null };
    await expect(compareModels(model(eye), model(eye), batches, [tap], job)).rejects.toThrow(
      "Node 'nothing' or its counterpart has no value to compare.",
    );
    await expect(compareModels(model(eye), model([[1, 1]]), batches, [], job)).rejects.toThrow(
      "Node 'output' has shape [1, 1] and its counterpart [1, 2]; they cannot be compared.",
    );
    const fc = (values: readonly number[], axis: number) => ({
      ...tap,
      candidate: nodeName('fc'),
      unscale: { values: Float32Array.from(values), axis },
    });
    await expect(compareModels(model(eye), model(eye), batches, [fc([1], -1)], job)).rejects.toThrow(
      /has 2 channels on axis -1 and 1 scales/,
    );
    await expect(compareModels(model(eye), model(eye), batches, [fc([1], -3)], job)).rejects.toThrow(
      /has no channels on axis -3/,
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('stops when cancelled', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(compareModels(model(eye), model(eye), batches, [], { ...job, signal })).rejects.toThrow(
      'cancelled',
    );
  });

  it('counts right answers', async () => {
    const labelled = [
      batchOf(
        {
          x: matrix([
            [3, 4],
            [5, 4],
            [0, 1],
          ]),
        },
        [1, 0, 0],
      ),
      batchOf({ x: matrix([[2, -2]]) }, [0]),
    ];
    expect(await accuracy(model(eye), labelled, job)).toBe(0.75);
    await expect(accuracy(model(eye), batches, job)).rejects.toThrow(/has no labels/);
    await expect(accuracy(model(eye), [], job)).rejects.toThrow(/at least one labelled sample/);
  });
});

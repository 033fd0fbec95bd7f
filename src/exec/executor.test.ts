import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { GraphError, UnsupportedOpError } from '../graph/errors';
import { Executor } from './executor';
import { breathe, PLAIN_JOB } from './job';
import { openTestDevice, TEST_BACKENDS } from './testDevice';
import { batchOf, matrix, TestModel } from './testModel';

const batch = batchOf({ x: matrix([[1, -2]]) });

/** x is read twice, passes through an alias, and is returned beside the sum. */
function diamond(): TestModel {
  const g = new TestModel();
  g.input('x');
  g.linear('fc', 'x', [
    [2, 0],
    [0, 3],
  ]);
  g.module('same', 'x', { type: 'torch.nn.Identity' });
  g.call('sum', 'operator.add', 'fc', 'same');
  g.call('unread', 'torch.relu', 'fc');
  return g;
}

describe.each(TEST_BACKENDS)('Executor on %s', (backend) => {
  beforeAll(async () => {
    await openTestDevice(backend);
  });

  it('gives every output, shows every value, and frees all it made', async () => {
    const before = tf.memory().numTensors;
    const executor = new Executor(diamond().build('sum', 'x', 'same'));
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) {
      const outputs = executor.run(batch, (node) => seen.push(node));
      const values = await Promise.all(outputs.map((output) => output.data()));
      expect(values.map((v) => Array.from(v))).toEqual([
        [3, -8],
        [1, -2],
        [1, -2],
      ]);
      for (const output of outputs) output.dispose();
      // The transposed weight stays, and nothing else.
      expect(tf.memory().numTensors).toBe(before + 1);
    }
    expect(seen.slice(0, 5)).toEqual(['x', 'fc', 'same', 'sum', 'unread']);
    executor.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.memory().numDataBuffers).toBe(before);
  });

  it('asks between the nodes of a batch that takes long how to go on, and stops there', async () => {
    const before = tf.memory().numTensors;
    const executor = new Executor(diamond().build('sum'));
    let now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 1000;
      return now;
    });
    const shares: number[] = [];
    const outputs = await executor.runAtEase(batch, async (share) => void shares.push(share));
    expect(shares).toEqual([0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6]);
    expect(Array.from((await outputs[0]?.data()) ?? [])).toEqual([3, -8]);
    tf.dispose(outputs);
    const reason = new Error('cancelled by the user');
    const stopped = executor.runAtEase(batch, async (share) => {
      if (share > 0.5) throw reason;
    });
    await expect(stopped).rejects.toBe(reason);
    clock.mockRestore();
    executor.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('asks nobody where the nodes are done in a moment', async () => {
    const executor = new Executor(diamond().build('sum'));
    await breathe(PLAIN_JOB);
    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
    const outputs = await executor.runAtEase(batch, () => Promise.reject(new Error('asked')));
    clock.mockRestore();
    expect(outputs).toHaveLength(1);
    tf.dispose(outputs);
    executor.dispose();
  });

  it('keeps no large constant beyond its budget, and computes the same', async () => {
    const width = 300;
    const rows = Array.from({ length: width }, (_, r) =>
      Array.from({ length: width }, (_, c) => ((r * 7 + c * 3) % 11) / 11 - 0.5),
    );
    const g = new TestModel();
    g.input('x');
    g.linear('fc1', 'x', rows);
    g.linear('fc2', 'fc1', rows);
    const model = g.build('fc2');
    const wide = batchOf({ x: matrix([rows[0] ?? []]) });
    const before = tf.memory();
    const run = async (executor: Executor) => {
      const [output] = executor.run(wide);
      const values = Array.from((await output?.data()) ?? []);
      output?.dispose();
      return values;
    };
    const [whole, layered] = [new Executor(model), new Executor(model, 2 ** 20 / 2)];
    const expected = await run(whole);
    expect(tf.memory().numTensors).toBe(before.numTensors + 2);
    expect(await run(layered)).toEqual(expected);
    expect(await run(layered)).toEqual(expected);
    expect(expected.some((value) => value !== 0)).toBe(true);
    expect(tf.memory().numTensors).toBe(before.numTensors + 2);
    whole.dispose();
    layered.dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors);
  });

  it('gives an output as often as the model returns it', async () => {
    const g = new TestModel();
    g.input('x');
    const model = g.build('x', g.call('y', 'torch.relu', 'x'), 'x');
    const executor = new Executor(model);
    const outputs = executor.run(batchOf({ x: matrix([[1, -2]]) }));
    expect(await Promise.all(outputs.map(async (o) => Array.from(await o.data())))).toEqual([
      [1, -2],
      [1, 0],
      [1, -2],
    ]);
    for (const output of outputs) output.dispose();
    executor.dispose();
  });

  it('keeps what a listener clones', async () => {
    const executor = new Executor(diamond().build('sum'));
    const kept: tf.Tensor[] = [];
    const outputs = executor.run(batch, (node, value) => {
      if (node === 'fc') kept.push(tf.clone(value));
    });
    executor.dispose();
    expect(Array.from((await kept[0]?.data()) ?? [])).toEqual([2, -6]);
    for (const tensor of [...outputs, ...kept]) tensor.dispose();
  });

  it('names the node that fails, and leaks nothing', () => {
    const before = tf.memory().numTensors;
    const executor = new Executor(diamond().build('sum'));
    const narrow = batchOf({ x: matrix([[1, 2, 3]]) });
    expect(() => executor.run(narrow)).toThrowError(
      new GraphError("Node 'fc' (linear) failed: its input [1, 3] must end in 2 columns.", 'fc'),
    );
    expect(() => executor.run(batchOf({ y: matrix([[1, 2]]) }))).toThrowError(
      /Node 'x' \(placeholder\) failed: the data has no array for this input; it has 'y'/,
    );
    executor.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("passes a listener's error on, and leaks nothing", () => {
    const before = tf.memory().numTensors;
    const executor = new Executor(diamond().build('sum'));
    const stop = new Error('stop');
    const listener = (node: string): void => {
      if (node === 'same') throw stop;
    };
    expect(() => executor.run(batch, listener)).toThrow(stop);
    executor.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a model with unknown ops before it runs', () => {
    const g = new TestModel();
    g.input('x');
    g.call('y', 'torch.erfinv', 'x');
    expect(() => new Executor(g.build('y'))).toThrow(UnsupportedOpError);
  });
});

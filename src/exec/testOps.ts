import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { Tensor } from '../graph/tensor';
import { finishQueuedWork } from '../webgpu/queue';
import { Executor } from './executor';
import { batchOf, TestModel } from './testModel';

/* Runs one op, or a few, on the current backend. For tests only. */

export interface Result {
  readonly shape: readonly number[];
  readonly values: number[];
}

/** Runs a graph of one output, and sees that it frees what it made; `write` adds its nodes after the inputs and returns the last one's name. */
export async function run(inputs: Record<string, Tensor>, write: (g: TestModel) => string): Promise<Result> {
  const before = tf.memory().numTensors;
  const g = new TestModel();
  for (const name of Object.keys(inputs)) g.input(name);
  const executor = new Executor(g.build(write(g)));
  const [output] = executor.run(batchOf(inputs));
  if (!output) throw new Error('the graph has no output');
  const result = { shape: output.shape, values: Array.from(await output.data()) };
  output.dispose();
  // An error of the GPU leaves zeros or garbage: it must not pass for a result.
  await finishQueuedWork();
  executor.dispose();
  expect(tf.memory().numTensors, 'tensors that nobody freed').toBe(before);
  return result;
}

export const close = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
};

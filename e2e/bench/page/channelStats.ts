import * as tf from '@tensorflow/tfjs-core';
import {
  accumulateChannelStats,
  emptyChannelStats,
  readChannelStats,
} from '../../../src/webgpu/channelStats/channelStats';
import { finishQueuedWork } from '../../../src/webgpu/queue';
import { medianTime, medianTimes } from './medianTime';
import { readEveryValue } from './readKernel';

/** Medians in ms. */
export interface ChannelStatsTimes {
  readonly kernel: number;
  /** `tf.min` and `tf.max`. */
  readonly reductions: number;
  /** A kernel that reads every value and keeps one number of it. */
  readonly reading: number;
}

const RUNS = 15;
/** tfjs' reductions take seconds on a software GPU. */
const RIVAL_RUNS = 3;

/** Ranges along one axis of a large batch, each run up to the result on the host. */
export async function benchChannelStats(shape: readonly number[], axis: number): Promise<ChannelStatsTimes> {
  const count = shape.reduce((product, dim) => product * dim, 1);
  const x = tf.tensor(
    Float32Array.from({ length: count }, () => Math.random() - 0.5),
    [...shape],
  );
  const [kernel = Number.NaN, reading = Number.NaN] = await medianTimes(RUNS, [
    () => runKernel(x, axis),
    () => readEveryValue(x),
  ]);
  const reductions = await medianTime(RIVAL_RUNS, () => runReductions(x, axis));
  await finishQueuedWork();
  x.dispose();
  return { kernel, reading, reductions };
}

async function runKernel(x: tf.Tensor, axis: number): Promise<void> {
  const empty = emptyChannelStats(x.shape[axis] ?? 1);
  const stats = accumulateChannelStats(x, axis, empty);
  await readChannelStats(stats);
  tf.dispose([empty, stats]);
}

async function runReductions(x: tf.Tensor, axis: number): Promise<void> {
  const axes = x.shape.map((_, i) => i).filter((i) => i !== axis);
  const ranges = [tf.min(x, axes), tf.max(x, axes)];
  await Promise.all(ranges.map((range) => range.data()));
  tf.dispose(ranges);
}

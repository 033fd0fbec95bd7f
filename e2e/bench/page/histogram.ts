import * as tf from '@tensorflow/tfjs-core';
import { histogram } from '../../../src/webgpu/histogram/histogram';
import { finishQueuedWork } from '../../../src/webgpu/queue';
import { medianTime } from './medianTime';

/** Medians in ms. */
export interface HistogramTimes {
  readonly kernel: number;
  /** Arithmetic, cast and `tf.bincount`. */
  readonly ops: number;
}

export const VALUES = 4_000_000;
export const BINS = 2048;
const RUNS = 9;
const RIVAL_RUNS = 5;

/** Counts of 2048 bins over one large tensor, each run up to the counts on the host. */
export async function benchHistogram(): Promise<HistogramTimes> {
  const x = tf.tensor1d(Float32Array.from({ length: VALUES }, () => Math.random() + Math.random() - 1));
  const kernel = await medianTime(RUNS, () => readAndDispose(histogram(x, -1, 1, BINS)));
  const ops = await medianTime(RIVAL_RUNS, () => readAndDispose(countByOps(x)));
  await finishQueuedWork();
  x.dispose();
  return { kernel, ops };
}

async function readAndDispose(counts: tf.Tensor): Promise<void> {
  await counts.data();
  counts.dispose();
}

const countByOps = (x: tf.Tensor1D): tf.Tensor =>
  tf.tidy(() => {
    const position = tf.mul(tf.div(tf.sub(x, -1), 2), BINS);
    const bins = tf.minimum(tf.cast(tf.floor(position), 'int32'), tf.scalar(BINS - 1, 'int32'));
    return tf.bincount(tf.cast(bins, 'int32') as tf.Tensor1D, tf.tensor1d([], 'float32'), BINS);
  });

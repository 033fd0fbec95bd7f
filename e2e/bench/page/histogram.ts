import * as tf from '@tensorflow/tfjs-core';
import { type BackendName, openDevice } from '../../src/exec/device';
import { histogram } from '../../src/webgpu/histogram/histogram';
import { finishQueuedWork } from '../../src/webgpu/queue';
import { type Measurement, medianTime } from './measurement';
import { wasmPaths } from './wasmPaths';

const VALUES = 4_000_000;
const BINS = 2048;

/** How often the kernel and tfjs' ops are run. There is no bound: exact counts cost what tf.bincount saves. */
const BACKENDS: readonly (readonly [BackendName, runs: number, rivalRuns: number])[] = [
  ['webgpu', 9, 3],
  ['wasm', 9, 5],
  ['cpu', 9, 3],
];

/** Counts of 2048 bins over one large tensor: the kernel against arithmetic, cast and tf.bincount. */
export async function benchHistogram(): Promise<readonly Measurement[]> {
  const data = Float32Array.from({ length: VALUES }, () => Math.random() + Math.random() - 1);
  const rows: Measurement[] = [];
  for (const [backend, runs, rivalRuns] of BACKENDS) {
    const { label } = await openDevice({ force: backend, wasmPaths });
    const x = tf.tensor1d(data);
    const ours = await medianTime(runs, () => readAndDispose(histogram(x, -1, 1, BINS)));
    const rivals = await medianTime(rivalRuns, () => readAndDispose(countByOps(x)));
    await finishQueuedWork();
    x.dispose();
    const task = `histogram of ${VALUES} values in ${BINS} bins`;
    rows.push({ task, device: label, rival: 'tf.bincount', ours, rivals, bound: null });
  }
  return rows;
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

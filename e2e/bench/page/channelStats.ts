import * as tf from '@tensorflow/tfjs-core';
import { type BackendName, openDevice } from '../../src/exec/device';
import {
  accumulateChannelStats,
  emptyChannelStats,
  readChannelStats,
} from '../../src/webgpu/channelStats/channelStats';
import { finishQueuedWork } from '../../src/webgpu/queue';
import { type Measurement, medianTime } from './measurement';
import { wasmPaths } from './wasmPaths';

const ROWS = 4096;
const COLUMNS = 1024;

/** How much faster than tfjs' own reductions the kernel must be, and how often each is run. */
const BACKENDS: readonly (readonly [BackendName, bound: number, runs: number, rivalRuns: number])[] = [
  ['webgpu', 100, 15, 3],
  ['wasm', 2, 15, 9],
  ['cpu', 1, 15, 5],
];

/** Column ranges of one large batch: the kernel against tf.min and tf.max. Each run ends when its result is read. */
export async function benchChannelStats(): Promise<readonly Measurement[]> {
  const data = Float32Array.from({ length: ROWS * COLUMNS }, () => Math.random() - 0.5);
  const rows: Measurement[] = [];
  for (const [backend, bound, runs, rivalRuns] of BACKENDS) {
    const { label } = await openDevice({ force: backend, wasmPaths });
    const x = tf.tensor2d(data, [ROWS, COLUMNS]);
    const ours = await medianTime(runs, () => runKernel(x));
    const rivals = await medianTime(rivalRuns, () => runReductions(x));
    await finishQueuedWork();
    x.dispose();
    const task = `range of each column of ${ROWS} × ${COLUMNS}`;
    rows.push({ task, device: label, rival: 'tf.min + tf.max', ours, rivals, bound });
  }
  return rows;
}

async function runKernel(x: tf.Tensor): Promise<void> {
  const empty = emptyChannelStats(COLUMNS);
  const stats = accumulateChannelStats(x, 1, empty);
  await readChannelStats(stats);
  tf.dispose([empty, stats]);
}

async function runReductions(x: tf.Tensor): Promise<void> {
  const ranges = [tf.min(x, 0), tf.max(x, 0)];
  await Promise.all(ranges.map((range) => range.data()));
  tf.dispose(ranges);
}

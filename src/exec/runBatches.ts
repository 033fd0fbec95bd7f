import { finishQueuedWork } from '../webgpu/queue';
import type { Batch } from './batches';
import type { Executor, ValueListener } from './executor';
import { breathe, type Job } from './job';

/** What a run over the calibration data does with each batch. */
export interface BatchVisitor {
  /** Sees the values of a batch while they are alive. */
  readonly see: (batch: number) => ValueListener;
  /** After the device has done a batch. */
  readonly finish?: (batch: number) => Promise<void>;
}

/**
 * Runs a model on every batch in turn. Reports `Calibrate` progress by batch, of a long one in parts, and throws the signal's reason when
 * cancelled; the outputs are disposed.
 */
export async function runBatches(
  executor: Executor,
  batches: readonly Batch[],
  job: Job,
  visitor: BatchVisitor,
): Promise<void> {
  for (const [done, batch] of batches.entries()) {
    job.progress('Calibrate', done, batches.length);
    await breathe(job);
    const pause = async (share: number) => {
      job.progress('Calibrate', done + share, batches.length);
      await breathe(job);
    };
    const outputs = await executor.runAtEase(batch, pause, visitor.see(done));
    for (const output of outputs) output.dispose();
    // Without this the queue runs ahead of the GPU: progress would lie and a cancel come late.
    await finishQueuedWork();
    await visitor.finish?.(done);
  }
  job.progress('Calibrate', batches.length, batches.length);
  await breathe(job);
}

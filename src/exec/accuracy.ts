import * as tf from '@tensorflow/tfjs-core';
import { GraphError } from '../graph/errors';
import type { Model } from '../graph/model';
import { readValues } from '../webgpu/queue';
import type { Batch } from './batches';
import { Executor } from './executor';
import { breathe, type Job } from './job';

/**
 * Fraction of samples, in 0…1, whose largest value along the last axis of the model's first output stands at their
 * label. Reports `Evaluate` progress by batch. Throws a GraphError when a batch has no labels or not one per row of
 * the output, and the signal's reason when cancelled.
 */
export async function accuracy(model: Model, batches: readonly Batch[], job: Job): Promise<number> {
  const executor = new Executor(model);
  let right = 0;
  let seen = 0;
  try {
    for (const [done, batch] of batches.entries()) {
      job.progress('Evaluate', done, batches.length);
      await breathe(job);
      const { labels } = batch;
      if (!labels) throw new GraphError('Accuracy needs labelled data; this batch has no labels.');
      const pause = async (share: number) => {
        job.progress('Evaluate', done + share, batches.length);
        await breathe(job);
      };
      const { classes, width } = await predict(executor, batch, pause);
      if (width < 2)
        throw new GraphError(
          `The model's first output has ${width} column; its largest says nothing. Accuracy needs one column a class.`,
        );
      const stranger = labels.find((label) => label < 0 || label >= width);
      if (stranger !== undefined)
        throw new GraphError(
          `Label ${stranger} is no class of the model, whose output has ${width} columns (0 to ${width - 1}).`,
        );
      if (classes.length !== labels.length)
        throw new GraphError(`The model gives ${classes.length} predictions for ${labels.length} labels.`);
      right += classes.filter((predicted, i) => predicted === labels[i]).length;
      seen += labels.length;
    }
    job.progress('Evaluate', batches.length, batches.length);
  } finally {
    executor.dispose();
  }
  if (seen === 0) throw new GraphError('Accuracy needs at least one labelled sample.');
  return right / seen;
}

/** Class index of each row of the first output, and how many classes it has. */
async function predict(
  executor: Executor,
  batch: Batch,
  pause: (share: number) => Promise<void>,
): Promise<{ readonly classes: readonly number[]; readonly width: number }> {
  const outputs = await executor.runAtEase(batch, pause);
  try {
    const [logits] = outputs;
    if (!logits) throw new GraphError('The model has no output to take classes from.');
    const width = logits.shape[logits.rank - 1] ?? 1;
    const values = await readValues(logits);
    return { classes: argmaxRows(values, width), width };
  } finally {
    tf.dispose(outputs);
  }
}

/** Index of the first largest value of each row; NaN is never the largest. */
function argmaxRows(values: ArrayLike<number>, width: number): readonly number[] {
  return Array.from({ length: values.length / width }, (_, row) => {
    let best = 0;
    for (let c = 1; c < width; c++) {
      const value = values[row * width + c] ?? Number.NaN;
      const largest = values[row * width + best] ?? Number.NaN;
      if (value > largest || Number.isNaN(largest)) best = c;
    }
    return best;
  });
}

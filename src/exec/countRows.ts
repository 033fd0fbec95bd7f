import * as tf from '@tensorflow/tfjs-core';
import { GraphError } from '../graph/errors';
import type { NodeName } from '../graph/ids';
import type { FloatTensor } from '../graph/tensor';
import { breathe, type Job } from './job';
import { type CountGrid, ValueCounter, type ValueCounts } from './valueCounts';

/** Values that go to the device at once. */
const PART = 2 ** 22;

function finiteRange(data: Float32Array, name: NodeName) {
  let [min, max, nonFinite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of data) {
    if (!Number.isFinite(value)) nonFinite++;
    else {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  if (min > max) throw new GraphError(`The weight of '${name}' has no finite value to count.`, name);
  return { min, max, nonFinite };
}

/**
 * Counts the values of a weight `[rows, …]`, some rows at a time; its grid may be one for each row. Reports `Count values`
 * progress by row. Throws a GraphError that names the layer when nothing is finite, the signal's reason when cancelled.
 */
export async function countRows(
  { data, shape: [rows = 1] }: FloatTensor,
  grid: CountGrid | null,
  name: NodeName,
  job: Job,
): Promise<ValueCounts> {
  const { nonFinite, ...range } = finiteRange(data, name);
  const counter = new ValueCounter(range, nonFinite, grid);
  const inner = data.length / rows;
  const step = Math.max(1, Math.floor(PART / inner));
  for (let row = 0; row < rows; row += step) {
    job.progress('Count values', row, rows);
    await breathe(job);
    const until = Math.min(rows, row + step);
    const part = tf.tensor2d(data.subarray(row * inner, until * inner), [until - row, inner]);
    try {
      await counter.add(counter.count(part, row));
    } finally {
      part.dispose();
    }
  }
  job.progress('Count values', rows, rows);
  return counter.result();
}

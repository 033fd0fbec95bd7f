import * as tf from '@tensorflow/tfjs-core';
import { GraphError } from '../graph/errors';
import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import type { CountRequest } from '../quant/histogramCalibration';
import { histogram } from '../webgpu/histogram/histogram';
import { readValues } from '../webgpu/queue';
import type { Batch } from './batches';
import { Executor } from './executor';
import type { Job } from './job';
import { runBatches } from './runBatches';

/** Who wants histograms: asked before each batch what to count, given the counts after it, in the same order. */
export interface HistogramTaker {
  requests(batch: number): readonly CountRequest[];
  take(batch: number, counts: readonly Int32Array[]): void;
}

/**
 * Runs the model on every batch and counts the requested nodes' values in bins, on the device.
 * Throws the signal's reason when cancelled, and a GraphError that names a node without a value; nothing stays
 * allocated either way.
 */
export async function collectHistograms(
  model: Model,
  batches: readonly Batch[],
  job: Job,
  taker: HistogramTaker,
): Promise<void> {
  const executor = new Executor(model);
  let counts = new Map<CountRequest, tf.Tensor1D>();
  let requests: readonly CountRequest[] = [];
  const dispose = () => {
    for (const tensor of counts.values()) tensor.dispose();
    counts = new Map();
  };
  try {
    await runBatches(executor, batches, job, {
      see: (batch) => {
        requests = taker.requests(batch);
        return (node, value) => {
          for (const request of requests)
            if (request.node === node) counts.set(request, countOf(value, request));
        };
      },
      finish: async (batch) => {
        taker.take(batch, await readCounts(requests, counts));
        dispose();
      },
    });
  } finally {
    executor.dispose();
    dispose();
  }
}

const countOf = (value: tf.Tensor, { low, high, bins }: CountRequest): tf.Tensor1D =>
  tf.tidy(() => histogram(tf.cast(value, 'float32'), low, high, bins));

/** One read each: on WebGPU tf.concat takes int32 through float32, which large counts do not survive. */
function readCounts(
  requests: readonly CountRequest[],
  counts: ReadonlyMap<CountRequest, tf.Tensor1D>,
): Promise<readonly Int32Array[]> {
  return Promise.all(
    requests.map(async (request) => {
      const tensor = counts.get(request) ?? noValue(request.node);
      return Int32Array.from(await readValues<'int32'>(tensor));
    }),
  );
}

function noValue(node: NodeName): never {
  throw new GraphError(`Node '${node}' had no value; its histogram cannot be collected.`, node);
}

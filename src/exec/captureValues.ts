import type * as tf from '@tensorflow/tfjs-core';
import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { floatTensor, type Tensor } from '../graph/tensor';
import { readValues } from '../webgpu/queue';
import type { Batch } from './batches';
import { Executor, type ValueListener } from './executor';
import { breathe, type Job } from './job';
import { alias } from './values';

/**
 * Runs a model and keeps some of its values, as batches whose inputs they are. Progress is the caller's. Throws the
 * signal's reason when cancelled; nothing stays on the device.
 */
export async function captureValues(
  model: Model,
  batches: readonly Batch[],
  names: readonly NodeName[],
  job: Job,
): Promise<readonly Batch[]> {
  const wanted = new Set(names);
  const executor = new Executor(model);
  const captured: Batch[] = [];
  try {
    for (const batch of batches) {
      await breathe(job);
      captured.push({ ...batch, inputs: await captureBatch(executor, batch, wanted, job) });
    }
  } finally {
    executor.dispose();
  }
  return captured;
}

async function captureBatch(
  executor: Executor,
  batch: Batch,
  wanted: ReadonlySet<NodeName>,
  job: Job,
): Promise<Record<NodeName, Tensor>> {
  const kept = new Map<NodeName, tf.Tensor>();
  const see: ValueListener = (node, value) => {
    if (wanted.has(node)) kept.set(node, alias(value));
  };
  const inputs: Record<NodeName, Tensor> = {};
  try {
    const outputs = await executor.runAtEase(batch, () => breathe(job), see);
    for (const output of outputs) output.dispose();
    for (const [name, value] of kept) inputs[name] = await hostTensor(value);
  } finally {
    for (const value of kept.values()) value.dispose();
  }
  return inputs;
}

async function hostTensor(value: tf.Tensor): Promise<Tensor> {
  const data = await readValues(value);
  const { shape } = value;
  if (value.dtype === 'int32') return { dtype: 'int32', shape, data: Int32Array.from(data) };
  if (value.dtype === 'bool') return { dtype: 'bool', shape, data: Uint8Array.from(data) };
  return floatTensor(shape, Float32Array.from(data));
}

import * as tf from '@tensorflow/tfjs-core';
import { GraphError } from '../graph/errors';
import { type NodeName, nodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { sizeOf } from '../graph/tensor';
import { finishQueuedWork } from '../webgpu/queue';
import type { Batch } from './batches';
import { type Comparison, ComparisonSum, type Unscale } from './comparison';
import { Executor } from './executor';
import { breathe, type Job } from './job';

export { accuracy } from './accuracy';
export type { Comparison } from './comparison';

/** One factor per channel, and the axis of the channels, counted from the end. */
export interface ChannelScale {
  readonly values: Float32Array;
  readonly axis: number;
}

/** A pair of values to compare, one of each model. */
export interface ModelTap {
  readonly name: string;
  readonly reference: NodeName;
  readonly candidate: NodeName;
  /** Scale per channel of the candidate, which is divided out before comparing; null for none. */
  readonly unscale: ChannelScale | null;
}

export interface ModelComparison {
  /** All outputs together. */
  readonly outputs: Comparison;
  /** By the tap's name. */
  readonly taps: ReadonlyMap<string, Comparison>;
}

/** The values of one run that are to be compared, on the device. */
interface Capture {
  readonly outputs: readonly tf.Tensor[];
  readonly taps: ReadonlyMap<NodeName, tf.Tensor>;
}

/**
 * Runs both models on every batch and compares their outputs and the tapped values; sums are float64, on the host.
 * Reports `Compare` progress by batch. Throws a GraphError when the models' outputs or a tap do not fit each other,
 * and the signal's reason when cancelled; nothing stays allocated.
 */
export async function compareModels(
  reference: Model,
  candidate: Model,
  batches: readonly Batch[],
  taps: readonly ModelTap[],
  job: Job,
): Promise<ModelComparison> {
  const executors = [new Executor(reference), new Executor(candidate)] as const;
  const outputs = new ComparisonSum();
  const sums = new Map(taps.map((tap) => [tap, new ComparisonSum()]));
  try {
    for (const [done, batch] of batches.entries()) {
      job.progress('Compare', done, batches.length);
      await breathe(job);
      await compareBatch(executors, batch, outputs, sums);
    }
    job.progress('Compare', batches.length, batches.length);
  } finally {
    for (const executor of executors) executor.dispose();
  }
  return {
    outputs: outputs.result(),
    taps: new Map([...sums].map(([tap, sum]) => [tap.name, sum.result()])),
  };
}

async function compareBatch(
  [reference, candidate]: readonly [Executor, Executor],
  batch: Batch,
  outputs: ComparisonSum,
  sums: ReadonlyMap<ModelTap, ComparisonSum>,
): Promise<void> {
  const taps = [...sums.keys()];
  const captures: Capture[] = [];
  try {
    const left = capture(reference, batch, new Set(taps.map((tap) => tap.reference)));
    captures.push(left);
    const right = capture(candidate, batch, new Set(taps.map((tap) => tap.candidate)));
    captures.push(right);
    if (left.outputs.length !== right.outputs.length)
      throw new GraphError(
        `The models to compare have ${left.outputs.length} and ${right.outputs.length} outputs.`,
      );
    for (const [i, output] of left.outputs.entries())
      await addPair(outputs, output, right.outputs[i], null, nodeName('output'));
    for (const [tap, sum] of sums)
      await addPair(
        sum,
        left.taps.get(tap.reference),
        right.taps.get(tap.candidate),
        tap.unscale,
        tap.candidate,
      );
    // Throws when the GPU reported an error, which would have made the values garbage.
    await finishQueuedWork();
  } finally {
    for (const { outputs: made, taps: kept } of captures) tf.dispose([...made, ...kept.values()]);
  }
}

function capture(executor: Executor, batch: Batch, wanted: ReadonlySet<NodeName>): Capture {
  const taps = new Map<NodeName, tf.Tensor>();
  try {
    const outputs = executor.run(batch, (node, value) => {
      if (wanted.has(node)) taps.set(node, tf.clone(value));
    });
    return { outputs, taps };
  } catch (error) {
    tf.dispose([...taps.values()]);
    throw error;
  }
}

async function addPair(
  sum: ComparisonSum,
  reference: tf.Tensor | undefined,
  candidate: tf.Tensor | undefined,
  unscale: ChannelScale | null,
  node: NodeName,
): Promise<void> {
  if (!reference || !candidate)
    throw new GraphError(`Node '${node}' or its counterpart has no value to compare.`, node);
  if (!tf.util.arraysEqual(reference.shape, candidate.shape))
    throw new GraphError(
      `Node '${node}' has shape [${candidate.shape.join(', ')}] and its counterpart [${reference.shape.join(', ')}]; they cannot be compared.`,
      node,
    );
  const spread = unscale && spreadOver(candidate.shape, unscale, node);
  const [left, right] = await Promise.all([reference.data(), candidate.data()]);
  sum.add(left, right, spread);
}

function spreadOver(shape: readonly number[], { values, axis }: ChannelScale, node: NodeName): Unscale {
  const channels = shape.at(axis);
  if (channels !== values.length)
    throw new GraphError(
      `Node '${node}' of shape [${shape.join(', ')}] has ${channels ?? 'no'} channels on axis ${axis} and ${values.length} scales.`,
      node,
    );
  return { scale: values, inner: sizeOf(shape.slice(shape.length + axis + 1)) };
}

import * as tf from '@tensorflow/tfjs-core';
import { GraphError } from '../graph/errors';
import { type NodeName, nodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { sizeOf } from '../graph/tensor';
import { readValues } from '../webgpu/queue';
import type { Batch } from './batches';
import { type Comparison, ComparisonSum, type Unscale } from './comparison';
import { Executor } from './executor';
import { breathe, type Job } from './job';
import { alias } from './values';

export { accuracy } from './accuracy';
export type { Comparison } from './comparison';

/** One factor per channel (and an addend), and the axis of the channels, counted from the end. */
export interface ChannelScale {
  readonly values: Float32Array;
  /** What is added before the scale is divided out. */
  readonly shift?: Float32Array | null;
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

/** A model to compare with the reference, and the values inside to look at. */
export interface Candidate {
  readonly model: Model;
  readonly taps: readonly ModelTap[];
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
  const [comparison] = await compareEach(reference, [{ model: candidate, taps }], batches, job);
  if (!comparison) throw new Error('internal: one candidate makes one comparison.');
  return comparison;
}

/** The same for several candidates, in their order; the reference runs once for all of them. Progress counts each. */
export async function compareEach(
  reference: Model,
  candidates: readonly Candidate[],
  batches: readonly Batch[],
  job: Job,
): Promise<readonly ModelComparison[]> {
  const total = batches.length * candidates.length;
  const executor = new Executor(reference);
  const sums = candidates.map((candidate) => new CandidateSum(candidate));
  const wanted = new Set(candidates.flatMap(({ taps }) => taps.map((tap) => tap.reference)));
  const tell = async (done: number) => {
    job.progress('Compare', done, total);
    await breathe(job);
  };
  try {
    for (const [done, batch] of batches.entries()) {
      const at = done * sums.length;
      await tell(at);
      // The reference counts as half of the first candidate, which waits for it.
      const values = await capture(executor, batch, wanted, (share) => tell(at + share / 2));
      try {
        for (const [i, sum] of sums.entries()) {
          if (i > 0) await tell(at + i);
          await sum.add(values, batch, (share) => tell(at + i + (i === 0 ? (1 + share) / 2 : share)));
        }
      } finally {
        disposeOf(values);
      }
    }
    job.progress('Compare', total, total);
  } finally {
    executor.dispose();
    for (const sum of sums) sum.dispose();
  }
  return sums.map((sum) => sum.result());
}

/** Lets the thread go in the middle of a run, of which this share is done. */
type Pause = (share: number) => Promise<void>;

/** One candidate's comparison as it grows, batch by batch. */
class CandidateSum {
  private readonly executor: Executor;
  private readonly outputs = new ComparisonSum();
  private readonly taps: ReadonlyMap<ModelTap, ComparisonSum>;

  constructor({ model, taps }: Candidate) {
    this.executor = new Executor(model);
    this.taps = new Map(taps.map((tap) => [tap, new ComparisonSum()]));
  }

  async add(reference: Capture, batch: Batch, pause: Pause): Promise<void> {
    const wanted = new Set([...this.taps.keys()].map((tap) => tap.candidate));
    const candidate = await capture(this.executor, batch, wanted, pause);
    try {
      await this.addPairs(reference, candidate);
    } finally {
      disposeOf(candidate);
    }
  }

  private async addPairs(left: Capture, right: Capture): Promise<void> {
    if (left.outputs.length !== right.outputs.length)
      throw new GraphError(
        `The models to compare have ${left.outputs.length} and ${right.outputs.length} outputs.`,
      );
    for (const [i, output] of left.outputs.entries())
      await addPair(this.outputs, output, right.outputs[i], null, nodeName('output'));
    for (const [tap, sum] of this.taps) {
      const { reference, candidate, unscale } = tap;
      await addPair(sum, left.taps.get(reference), right.taps.get(candidate), unscale, candidate);
    }
  }

  result(): ModelComparison {
    return {
      outputs: this.outputs.result(),
      taps: new Map([...this.taps].map(([tap, sum]) => [tap.name, sum.result()])),
    };
  }

  dispose(): void {
    this.executor.dispose();
  }
}

const disposeOf = ({ outputs, taps }: Capture): void => tf.dispose([...outputs, ...taps.values()]);

async function capture(
  executor: Executor,
  batch: Batch,
  wanted: ReadonlySet<NodeName>,
  pause: Pause,
): Promise<Capture> {
  const taps = new Map<NodeName, tf.Tensor>();
  try {
    const outputs = await executor.runAtEase(batch, pause, (node, value) => {
      if (wanted.has(node)) taps.set(node, alias(value));
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
  const [left, right] = await Promise.all([readValues(reference), readValues(candidate)]);
  sum.add(left, right, spread);
}

function spreadOver(
  shape: readonly number[],
  { values, shift = null, axis }: ChannelScale,
  node: NodeName,
): Unscale {
  const channels = shape.at(axis);
  if (channels !== values.length)
    throw new GraphError(
      `Node '${node}' of shape [${shape.join(', ')}] has ${channels ?? 'no'} channels on axis ${axis} and ${values.length} scales.`,
      node,
    );
  return { scale: values, shift, inner: sizeOf(shape.slice(shape.length + axis + 1)) };
}

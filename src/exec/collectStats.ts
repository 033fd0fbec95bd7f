import * as tf from '@tensorflow/tfjs-core';
import { GraphError } from '../graph/errors';
import { GraphIndex } from '../graph/graph';
import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import type { OpName } from '../graph/op';
import { opOf } from '../graph/resolve';
import type { ChannelStats } from '../quant/channelStats';
import type { TensorRange } from '../quant/observers/tensorRange';
import {
  accumulateChannelStats,
  emptyChannelStats,
  readChannelStats,
} from '../webgpu/channelStats/channelStats';
import { channelView } from '../webgpu/channelStats/kernel';
import type { Batch } from './batches';
import { Executor, type ValueListener } from './executor';
import type { Job } from './job';
import { runBatches } from './runBatches';
import { asFloat32 } from './values';

/** A value to watch, and the axis of its channels (negative counts from the end; null: it is one channel). */
export interface StatsTap {
  readonly node: NodeName;
  readonly axis: number | null;
  /** Whether the range of the whole tensor is wanted for each batch as well. */
  readonly byBatch?: boolean;
  /** Sees how many axes the value has in each batch, and throws where it must not have so many. */
  readonly checkRank?: (rank: number) => void;
}

/** One running statistics tensor, of one value along one axis; every tap of that value reads it. */
interface Collector {
  readonly tap: StatsTap;
  running: tf.Tensor | null;
  rank: number;
  byBatch: boolean;
  /** Statistics of each batch as one channel. */
  readonly batches: tf.Tensor[];
}

/**
 * Runs the model on every batch and gives, for each tapped node, the range of each channel along the tap's axis
 * (a rank-1 value has one channel an element, a number one channel). Statistics stay on the device and are read
 * back once, at the end. Reports `Calibrate` progress by batch. Throws the signal's reason when cancelled, and a
 * GraphError that names the node when a tap cannot be served; nothing stays allocated either way.
 */
export async function collectChannelStats(
  model: Model,
  taps: readonly StatsTap[],
  batches: readonly Batch[],
  job: Job,
): Promise<ReadonlyMap<NodeName, ChannelStats>> {
  const sources = tapSources(model, taps);
  const collectors = new Map<NodeName, Collector[]>();
  const collectorOf = new Map<NodeName, Collector>();
  for (const { node, axis, byBatch = false } of taps) {
    const source = sources.get(node) ?? node;
    const list = collectors.get(source) ?? [];
    const shared = list.find((c) => c.tap.axis === axis);
    const collector = shared ?? { tap: { node: source, axis }, running: null, rank: 0, byBatch, batches: [] };
    collector.byBatch ||= byBatch;
    if (!shared) collectors.set(source, [...list, collector]);
    collectorOf.set(node, collector);
  }
  const all = [...collectors.values()].flat();
  const executor = new Executor(model);
  try {
    const see: ValueListener = (node, value) => {
      for (const tap of taps) if ((sources.get(tap.node) ?? tap.node) === node) tap.checkRank?.(value.rank);
      for (const collector of collectors.get(node) ?? []) accumulate(collector, value);
    };
    await runBatches(executor, batches, job, { see: () => see });
    const samples = batches.reduce((sum, batch) => sum + batch.samples, 0);
    const read = new Map<Collector, ChannelStats>();
    for (const collector of all) read.set(collector, await readCollector(collector, samples));
    return new Map([...collectorOf].map(([node, collector]) => [node, statsOf(read, collector)]));
  } finally {
    executor.dispose();
    for (const { running, batches } of all) tf.dispose([running, ...batches].filter((t) => t !== null));
  }
}

function accumulate(collector: Collector, value: tf.Tensor): void {
  const { node, axis } = collector.tap;
  const before = collector.running;
  collector.running = tf.tidy(() => {
    const channels = channelsOf(value, collector.tap);
    const running = before ?? emptyChannelStats(channels);
    if (running.shape[1] !== channels)
      throw new GraphError(
        `Node '${node}' has ${channels} channels on axis ${axis} in this batch and ${running.shape[1]} in an earlier one; calibration needs the same number in all.`,
        node,
      );
    return axis === null ? addWhole(value, running) : accumulateChannelStats(asFloat32(value), axis, running);
  });
  collector.rank = value.rank;
  before?.dispose();
  if (collector.byBatch) collector.batches.push(tf.tidy(() => addWhole(value, emptyChannelStats(1))));
}

/** Running statistics with one value more, seen as one channel. */
const addWhole = (value: tf.Tensor, running: tf.Tensor): tf.Tensor =>
  accumulateChannelStats(tf.reshape(asFloat32(value), [value.size, 1]), 1, running);

function channelsOf(value: tf.Tensor, { node, axis }: StatsTap): number {
  if (axis === null) return 1;
  try {
    return channelView(value.shape, axis).channels;
  } catch (error) {
    if (error instanceof RangeError) throw new GraphError(`Node '${node}': ${error.message}`, node);
    throw error;
  }
}

async function readCollector(collector: Collector, samples: number): Promise<ChannelStats> {
  const { tap, running, rank, batches } = collector;
  if (!running)
    throw new GraphError(
      `Node '${tap.node}' had no value in any batch; its ranges cannot be collected.`,
      tap.node,
    );
  const stats = { ...(await readChannelStats(running)), samples, rank };
  return collector.byBatch ? { ...stats, batches: await readBatches(batches) } : stats;
}

/** One by one: on WebGPU tf.concat takes int32 through float32, which loses the last bits of the keys. */
async function readBatches(batches: readonly tf.Tensor[]): Promise<readonly TensorRange[]> {
  const ranges = await Promise.all(batches.map(readChannelStats));
  return ranges.map(({ min: [min = Number.POSITIVE_INFINITY], max: [max = Number.NEGATIVE_INFINITY] }) => ({
    min,
    max,
  }));
}

function statsOf(read: ReadonlyMap<Collector, ChannelStats>, collector: Collector): ChannelStats {
  const stats = read.get(collector);
  if (!stats) throw new GraphError(`internal: statistics of '${collector.tap.node}' were not read.`);
  return stats;
}

/** Ops whose output is their input, so that two observers of one tensor share their work. */
const PASSES_THROUGH: ReadonlySet<OpName> = new Set([
  'identity',
  'dropout',
  'observer',
  'equalization_observer',
  'dequantize',
]);

/** For each tapped node, the node whose value it passes on. Throws on unknown nodes and on one node with two axes. */
function tapSources(model: Model, taps: readonly StatsTap[]): ReadonlyMap<NodeName, NodeName> {
  const index = new GraphIndex(model.graph);
  const axes = new Map<NodeName, number | null>();
  const sources = new Map<NodeName, NodeName>();
  for (const { node, axis } of taps) {
    if (axes.has(node) && axes.get(node) !== axis)
      throw new GraphError(
        `Node '${node}' is tapped on axis ${axes.get(node)} and on axis ${axis}; one is possible.`,
        node,
      );
    axes.set(node, axis);
    sources.set(node, sourceOf(model, index, node));
  }
  return sources;
}

function sourceOf(model: Model, index: GraphIndex, name: NodeName): NodeName {
  const call = opOf(model, index, index.get(name));
  const [input] = call.operands;
  return PASSES_THROUGH.has(call.op) && input?.kind === 'node' ? sourceOf(model, index, input.node) : name;
}

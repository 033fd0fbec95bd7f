import * as tf from '@tensorflow/tfjs-core';
import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import type { ChannelStats } from '../quant/channelStats';
import type { TensorRange } from '../quant/observers/tensorRange';
import { channelView } from '../webgpu/channelStats/kernel';
import { readValues } from '../webgpu/queue';
import type { Batch } from './batches';
import type { StatsTap } from './collectStats';
import { Executor } from './executor';
import type { Job } from './job';
import { runBatches } from './runBatches';
import { alias } from './values';

const ONE_CHANNEL = { channels: 1, inner: 1 };

/** Ranges of a tensor's channels as `torch.aminmax` has them: infinities count, NaN makes the range NaN. */
class TorchRanges {
  private min = new Float32Array();
  private max = new Float32Array();
  readonly batches: TensorRange[] = [];

  constructor(private readonly axis: number | null) {}

  see(data: ArrayLike<number>, shape: readonly number[]): void {
    const { channels, inner } = this.axis === null ? ONE_CHANNEL : channelView(shape, this.axis);
    if (this.min.length !== channels) {
      this.min = new Float32Array(channels).fill(Number.POSITIVE_INFINITY);
      this.max = new Float32Array(channels).fill(Number.NEGATIVE_INFINITY);
    }
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < data.length; i++) {
      const value = data[i] ?? 0;
      const channel = Math.floor(i / inner) % channels;
      // Math.min and Math.max keep NaN, as PyTorch does.
      this.min[channel] = Math.min(this.min[channel] ?? value, value);
      this.max[channel] = Math.max(this.max[channel] ?? value, value);
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    this.batches.push({ min: low, max: high });
  }

  of(stats: ChannelStats): ChannelStats {
    const { min, max, batches } = this;
    return { ...stats, min, max, ...(stats.batches && { batches }) };
  }
}

/**
 * The statistics with the ranges that PyTorch's observers would have where a tensor held NaN or infinities, which
 * `collectChannelStats` leaves out of ranges and counts. Such tensors are read back and looked at value by value, in a
 * run of their own; without any nothing is run.
 */
export async function withNonFinite(
  model: Model,
  taps: readonly StatsTap[],
  batches: readonly Batch[],
  job: Job,
  stats: ReadonlyMap<NodeName, ChannelStats>,
): Promise<ReadonlyMap<NodeName, ChannelStats>> {
  const ranges = new Map(
    taps.flatMap(({ node, axis }) =>
      stats.get(node)?.nonFinite.some((count) => count > 0) ? [[node, new TorchRanges(axis)] as const] : [],
    ),
  );
  if (ranges.size === 0) return stats;
  const kept = new Map<NodeName, tf.Tensor>();
  const executor = new Executor(model);
  try {
    await runBatches(executor, batches, job, {
      see: () => (node, value) => {
        if (ranges.has(node)) kept.set(node, alias(value));
      },
      finish: async () => {
        for (const [node, value] of kept) ranges.get(node)?.see(await readValues(value), value.shape);
        tf.dispose([...kept.values()]);
        kept.clear();
      },
    });
  } finally {
    executor.dispose();
    tf.dispose([...kept.values()]);
  }
  return new Map([...stats].map(([node, known]) => [node, ranges.get(node)?.of(known) ?? known]));
}

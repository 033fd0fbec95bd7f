import * as tf from '@tensorflow/tfjs-core';
import { GraphError } from '../graph/errors';
import type { NodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import type { QParams } from '../quant/qparams';
import { histogram } from '../webgpu/histogram/histogram';
import { binsBetween } from '../webgpu/histogram/kernel';
import { readValues } from '../webgpu/queue';
import type { Batch } from './batches';
import { collectChannelStats } from './collectStats';
import { Executor } from './executor';
import type { Job } from './job';
import { clamp } from './ops/activations';
import { runBatches } from './runBatches';
import { upTo } from './upTo';

/** Of a tensor's range; more than a plot has pixels, so that it can be zoomed. */
export const VALUE_BINS = 2048;

/** The integers that values are quantized to: one pair of parameters, or one for each row of a weight. */
export interface CountGrid {
  readonly qparams: readonly QParams[];
  readonly quantMin: number;
  readonly quantMax: number;
}

/** How many values fall into which bin, and what quantization does to them. */
export interface ValueCounts {
  /** The outermost edges: the least and the largest finite value (of a constant, 1 below and above it). */
  readonly low: number;
  readonly high: number;
  /** Values by bin, `VALUE_BINS` of equal width, as `torch.histc` counts. */
  readonly bins: Float64Array;
  /** All values, NaN and infinite ones (`nonFinite`) among them. */
  readonly total: number;
  readonly nonFinite: number;
  /** Values by integer of the grid, from `quantMin` on; null where there is no grid. Clipped ones count apart. */
  readonly levels: Float64Array | null;
  /** Values that round to an integer below `quantMin` and above `quantMax`; −∞ and ∞ are among them. */
  readonly clippedLow: number;
  readonly clippedHigh: number;
}

/** A tensor's values as they come, part by part; they are counted on the device. */
export class ValueCounter {
  private readonly bins = new Float64Array(VALUE_BINS);
  /** One entry more at each end, for what is clipped. */
  private readonly levels: Float64Array | null;
  private readonly edges: { readonly low: number; readonly high: number };
  private total = 0;

  constructor(
    range: { readonly min: number; readonly max: number },
    private readonly nonFinite: number,
    private readonly grid: CountGrid | null,
  ) {
    this.edges = binsBetween(range.min, range.max, VALUE_BINS);
    this.levels = grid && new Float64Array(grid.quantMax - grid.quantMin + 3);
  }

  /**
   * The counts of some values, on the device. Where each row of a weight `[rows, …]` has its own grid, the values are whole
   * rows, from `firstRow` on.
   */
  count(value: tf.Tensor, firstRow = 0): CountsOnDevice {
    return tf.tidy(() => {
      const x = tf.cast(value, 'float32');
      const { low, high } = this.edges;
      return {
        size: value.size,
        bins: histogram(x, low, high, VALUE_BINS),
        ...(this.grid && { levels: levelCounts(x, this.grid, firstRow) }),
      };
    });
  }

  /** Adds what was counted, and frees it. */
  async add({ size, bins, levels }: CountsOnDevice): Promise<void> {
    try {
      addTo(this.bins, await readValues<'int32'>(bins));
      if (levels && this.levels) addTo(this.levels, await readValues<'int32'>(levels));
      this.total += size;
    } finally {
      tf.dispose([bins, ...(levels ? [levels] : [])]);
    }
  }

  result(): ValueCounts {
    const { levels } = this;
    return {
      ...this.edges,
      bins: this.bins,
      total: this.total,
      nonFinite: this.nonFinite,
      levels: levels?.slice(1, -1) ?? null,
      clippedLow: levels?.[0] ?? 0,
      clippedHigh: levels?.[levels.length - 1] ?? 0,
    };
  }
}

export type CountsOnDevice = {
  readonly size: number;
  readonly bins: tf.Tensor1D;
  readonly levels?: tf.Tensor1D;
};

function addTo(sums: Float64Array, counts: ArrayLike<number>): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (counts[i] ?? 0);
}

/**
 * Values by the integer that `quantize_per_tensor` rounds them to, `round(x · fround(1 / scale)) + zeroPoint` in float32,
 * halves to even; those beyond the grid in the first and last entry. NaN is not counted.
 */
function levelCounts(x: tf.Tensor, grid: CountGrid, firstRow: number): tf.Tensor1D {
  const { quantMin, quantMax } = grid;
  const isByRow = grid.qparams.length > 1;
  const qparams = isByRow ? grid.qparams.slice(firstRow, firstRow + (x.shape[0] ?? 0)) : grid.qparams;
  const rows = isByRow ? tf.reshape(x, [qparams.length, -1]) : x;
  const lay = (values: readonly number[]) =>
    values.length > 1 ? tf.tensor(values, [values.length, 1]) : tf.scalar(values[0] ?? 0);
  const inverse = lay(qparams.map(({ scale }) => Math.fround(1 / Math.fround(scale))));
  const zeros = lay(qparams.map(({ zeroPoint }) => zeroPoint));
  const integers = tf.add(tf.round(tf.mul(rows, inverse)), zeros);
  const bounded = clamp(integers, quantMin - 1, quantMax + 1);
  return histogram(bounded, quantMin - 1.5, quantMax + 1.5, quantMax - quantMin + 3);
}

/**
 * Runs a model up to one of its values, twice: for the range, then to count. Reports `Count values` progress by batch.
 * Throws a GraphError when the value is never finite, the signal's reason when cancelled; nothing stays allocated.
 */
export async function countValues(
  model: Model,
  node: NodeName,
  grid: CountGrid | null,
  batches: readonly Batch[],
  job: Job,
): Promise<ValueCounts> {
  const part = upTo(model, node);
  const phase = (start: number): Job => ({
    signal: job.signal,
    progress: (_, done) => job.progress('Count values', start + done, 2 * batches.length),
  });
  const stats = (await collectChannelStats(part, [{ node, axis: null }], batches, phase(0))).get(node);
  const [min = Number.POSITIVE_INFINITY, max = Number.NEGATIVE_INFINITY] = [stats?.min[0], stats?.max[0]];
  if (min > max)
    throw new GraphError(
      `Node '${node}' has no finite value on the calibration data; there is nothing to count.`,
      node,
    );
  const counter = new ValueCounter({ min, max }, stats?.nonFinite[0] ?? 0, grid);
  await countBatches(part, node, counter, batches, phase(batches.length));
  return counter.result();
}

async function countBatches(
  model: Model,
  node: NodeName,
  counter: ValueCounter,
  batches: readonly Batch[],
  job: Job,
): Promise<void> {
  const executor = new Executor(model);
  const waiting: CountsOnDevice[] = [];
  try {
    await runBatches(executor, batches, job, {
      see: () => (name, value) => {
        if (name === node) waiting.push(counter.count(value));
      },
      finish: async () => {
        for (const counts of waiting.splice(0)) await counter.add(counts);
      },
    });
  } finally {
    executor.dispose();
    for (const { bins, levels } of waiting) tf.dispose([bins, ...(levels ? [levels] : [])]);
  }
}

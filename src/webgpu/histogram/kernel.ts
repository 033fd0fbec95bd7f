import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';

/** The name under which the kernel is registered with tfjs. */
export const HISTOGRAM = 'Histogram';

/** A workgroup counts in its own memory, of which WebGPU guarantees 16 KiB. */
export const MAX_BINS = 4096;

/** The outermost edges and the number of bins between them; both edges are finite float32 and `low < high`. */
export interface Bins {
  readonly low: number;
  readonly high: number;
  readonly bins: number;
}

/**
 * Bins from `low` to `high`, checked. Equal edges are moved apart by 1 each, as torch.histc does for constant data.
 * Throws a RangeError for edges out of order or not finite, and for fewer than 1 or more than 4096 bins.
 */
export function binsBetween(low: number, high: number, bins: number): Bins {
  // Adding 0 turns −0 into +0, so that the edges' keys order as their values do.
  const edges = { low: Math.fround(low) + 0, high: Math.fround(high) + 0 };
  if (edges.low === edges.high) {
    edges.low = Math.fround(edges.low - 1);
    edges.high = Math.fround(edges.high + 1);
  }
  if (!Number.isInteger(bins) || bins < 1 || bins > MAX_BINS)
    throw new RangeError(`A histogram has 1 to ${MAX_BINS} bins, not ${bins}.`);
  if (!(edges.low < edges.high) || !Number.isFinite(Math.fround(edges.high - edges.low)))
    throw new RangeError(
      `A histogram needs finite edges in ascending order, of finite distance, not ${low} and ${high}.`,
    );
  return { ...edges, bins };
}

/** Values to count, and the bins. */
export interface HistogramParams extends Bins {
  readonly x: TensorInfo;
}

/** Checks what tfjs hands to the kernel; an error here is a bug of the caller. */
export function parseParams({ inputs, attrs }: Parameters<KernelFunc>[0]): HistogramParams {
  const { x } = inputs;
  if (x?.dtype !== 'float32') throw new Error(`internal: Histogram takes float32, not ${x?.dtype}.`);
  if (util.sizeFromShape(x.shape) > 2 ** 31 - 1)
    throw new Error(`internal: Histogram counts in int32; [${x.shape}] has too many values.`);
  return { x, ...binsBetween(Number(attrs?.low), Number(attrs?.high), Number(attrs?.bins)) };
}

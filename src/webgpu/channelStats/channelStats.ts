import * as tf from '@tensorflow/tfjs-core';
import { readValues } from '../queue';
import { cpuChannelStats, wasmChannelStats } from './hostKernel';
import { CHANNEL_STATS, channelView } from './kernel';
import { floatOfKey, KEY_OF_INFINITY, KEY_OF_MINUS_INFINITY } from './orderedKey';
import { webgpuChannelStats } from './webgpuKernel';

/** Statistics of each channel, read back from the device. */
export interface ChannelRanges {
  /** Smallest finite value; +∞ where there is none. */
  readonly min: Float32Array;
  /** Largest finite value; −∞ where there is none. */
  readonly max: Float32Array;
  /** How many values were NaN or infinite (stops at 2³¹ − 1). */
  readonly nonFinite: Float64Array;
}

/** Makes the kernel known to tfjs on all three backends. Calling it again changes nothing. */
export function registerChannelStats(): void {
  for (const kernel of [webgpuChannelStats, wasmChannelStats, cpuChannelStats])
    if (!tf.getKernel(kernel.kernelName, kernel.backendName)) tf.registerKernel(kernel);
}

/**
 * Statistics of nothing, on the device: int32 `[3, channels]`, rows minimum key, maximum key (floats mapped to
 * integers of the same order, see orderedKey.ts) and non-finite count. The caller disposes it.
 */
export function emptyChannelStats(channels: number): tf.Tensor2D {
  const stats = new Int32Array(3 * channels);
  stats.fill(KEY_OF_INFINITY, 0, channels);
  stats.fill(KEY_OF_MINUS_INFINITY, channels, 2 * channels);
  return tf.tensor2d(stats, [3, channels], 'int32');
}

/**
 * New running statistics: `running` with the values of x folded in, channel by channel along `axis`. Nothing is
 * read back. x is float32 of any shape; `running` stays as it was, and the caller disposes both.
 * Throws a RangeError for an axis outside x's rank, a DeviceError when one row
 * of all channels does not fit into one GPU binding; more rows are taken in parts.
 */
export function accumulateChannelStats(x: tf.Tensor, axis: number, running: tf.Tensor): tf.Tensor {
  const view = channelView(x.shape, axis);
  const result = tf.engine().runKernel(CHANNEL_STATS, { x, running }, { ...view });
  if (Array.isArray(result)) throw new Error('internal: ChannelStats gives one tensor.');
  // runKernel is typed for the shape-only info, yet wraps it into a Tensor (tfjs-core engine.ts).
  return result as tf.Tensor;
}

/** Reads running statistics back and decodes them. One read; the tensor stays the caller's. */
export async function readChannelStats(running: tf.Tensor): Promise<ChannelRanges> {
  const channels = running.shape[1] ?? 0;
  const stats = await readValues<'int32'>(running);
  return {
    min: Float32Array.from(stats.subarray(0, channels), floatOfKey),
    max: Float32Array.from(stats.subarray(channels, 2 * channels), floatOfKey),
    nonFinite: Float64Array.from(stats.subarray(2 * channels)),
  };
}

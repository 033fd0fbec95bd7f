import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';

/** The name under which the kernel is registered with tfjs. */
export const CHANNEL_STATS = 'ChannelStats';

/** Counts of non-finite values stop here instead of wrapping round. */
export const MAX_COUNT = 2 ** 31 - 1;

/** A tensor seen as `[outer, channels, inner]`. */
export interface ChannelView {
  readonly outer: number;
  readonly channels: number;
  readonly inner: number;
}

/** Inputs of the kernel: values, running statistics `[3, channels]`, and how to look at the values. */
export interface ChannelStatsParams {
  readonly x: TensorInfo;
  readonly running: TensorInfo;
  readonly view: ChannelView;
}

/**
 * The view of a shape that keeps `axis` apart; a number (rank 0) is one channel.
 * Throws a RangeError when the axis lies outside the rank.
 */
export function channelView(shape: readonly number[], axis: number): ChannelView {
  if (shape.length === 0) return { outer: 1, channels: 1, inner: 1 };
  const at = axis < 0 ? axis + shape.length : axis;
  const channels = shape[at];
  if (channels === undefined)
    throw new RangeError(`Axis ${axis} lies outside the tensor of shape [${shape.join(', ')}].`);
  return {
    outer: util.sizeFromShape(shape.slice(0, at)),
    channels,
    inner: util.sizeFromShape(shape.slice(at + 1)),
  };
}

/** Checks what tfjs hands to the kernel; an error here is a bug of the caller. */
export function parseParams({ inputs, attrs }: Parameters<KernelFunc>[0]): ChannelStatsParams {
  const { x, running } = inputs;
  if (!x || !running) throw new Error('internal: ChannelStats needs the inputs x and running.');
  const view = {
    outer: Number(attrs?.outer),
    channels: Number(attrs?.channels),
    inner: Number(attrs?.inner),
  };
  if (x.dtype !== 'float32' || view.outer * view.channels * view.inner !== util.sizeFromShape(x.shape))
    throw new Error(
      `internal: ChannelStats cannot view ${x.dtype} [${x.shape}] as [${Object.values(view)}] float32.`,
    );
  if (running.dtype !== 'int32' || running.shape[0] !== 3 || running.shape[1] !== view.channels)
    throw new Error(
      `internal: running statistics must be int32 [3, ${view.channels}], not ${running.dtype} [${running.shape}].`,
    );
  return { x, running, view };
}

import * as tf from '@tensorflow/tfjs-core';
import { paddingAt } from '../../graph/inferWindows';
import type { OpAttrs, Padding } from '../../graph/op';
import type { FloatTensor } from '../../graph/tensor';
import { sliceAxis } from './axes';
import { type ExecRule, floatAt } from './execRule';

/** A convolution whose padding is known. */
export interface Convolution
  extends Pick<
    OpAttrs['conv'],
    'dims' | 'inChannels' | 'outChannels' | 'kernelSize' | 'stride' | 'dilation' | 'groups' | 'relu'
  > {
  readonly padding: readonly Padding[];
}

/** Frames `[batch · depth, height, width, channels]`: what 2-D convolutions take, and never a fifth axis. */
interface Frames {
  readonly batch: number;
  readonly depth: number;
  readonly x: tf.Tensor4D;
}

/** Depth, height and width of each; what a convolution of fewer dimensions lacks is neutral. */
interface Kernel {
  readonly size: Three;
  readonly stride: Three;
  readonly dilation: Three;
  readonly groups: number;
}
type Three = readonly [number, number, number];

export const conv: ExecRule<'conv'> = (inputs, { attrs }, context) => {
  const x = asBatch(floatAt(inputs, 0), attrs);
  const padding = x.batch.shape.slice(2).map((size, i) => paddingAt(attrs, i, size));
  const filter = () => context.derived(attrs.weight, 'filter', filterOf, attrs.weightGrid);
  const bias = attrs.bias ? context.param(attrs.bias) : null;
  return x.unbatch(convolve(x.batch, filter, bias, { ...attrs, padding }));
};

/** The input with a batch's axis, and the way back. */
export function asBatch(
  x: tf.Tensor,
  { dims, inChannels }: Pick<Convolution, 'dims' | 'inChannels'>,
): { readonly batch: tf.Tensor; readonly unbatch: (y: tf.Tensor) => tf.Tensor } {
  const isBatch = x.rank === dims + 2;
  if ((!isBatch && x.rank !== dims + 1) || x.shape[isBatch ? 1 : 0] !== inChannels)
    throw new Error(
      `its input [${x.shape.join(', ')}] must have ${dims + 2} axes and ${inChannels} channels on axis 1`,
    );
  return isBatch
    ? { batch: x, unbatch: (y) => y }
    : { batch: tf.expandDims(x, 0), unbatch: (y) => tf.reshape(y, y.shape.slice(1)) };
}

/**
 * PyTorch's convolution (a correlation) of a batch in 1 to 3 dimensions, with groups; the filter is that of `filterOf`.
 * tfjs' backends share 2-D convolutions and
 * depthwise ones only, and WebGPU fails at some ops on five axes: one dimension is an image of height 1; three are
 * the sum over the kernel's depth of 2-D convolutions of the frames that each slice meets; groups are convolved one
 * by one.
 */
export function convolve(
  x: tf.Tensor,
  filter: () => tf.Tensor,
  bias: tf.Tensor | null,
  convolution: Convolution,
): tf.Tensor {
  const { dims, outChannels, relu } = convolution;
  const counts = outputSizes(x, convolution);
  const outShape = [x.shape[0] ?? 0, outChannels, ...counts];
  if (x.size === 0) return tf.zeros(outShape);
  const sum = convolveDepth(padded(framesOf(x, dims), convolution), filter(), kernelOf(convolution));
  const biased = bias ? tf.add(sum, bias) : sum;
  const y = tf.reshape(relu ? tf.relu(biased) : biased, [x.shape[0] ?? 0, product(counts), outChannels]);
  return tf.reshape(tf.transpose(y, [0, 2, 1]), outShape);
}

export const product = (values: readonly number[]): number => values.reduce((a, b) => a * b, 1);

/** The last `dims` of three numbers, the others filled. */
function inThree<T>(values: readonly T[], dims: number, fill: T): readonly [T, T, T] {
  const at = (i: number): T => values[i - (3 - dims)] ?? fill;
  return [at(0), at(1), at(2)];
}

const kernelOf = ({ dims, kernelSize, stride, dilation, groups }: Convolution): Kernel => ({
  size: inThree(kernelSize, dims, 1),
  stride: inThree(stride, dims, 1),
  dilation: inThree(dilation, dims, 1),
  groups,
});

function outputSizes(x: tf.Tensor, attrs: Convolution): readonly number[] {
  return x.shape.slice(2).map((size, i) => {
    const [before, behind] = attrs.padding[i] ?? [0, 0];
    const reach = (attrs.dilation[i] ?? 1) * ((attrs.kernelSize[i] ?? 1) - 1) + 1;
    if (reach > size + before + behind)
      throw new Error(
        `its kernel reaches over ${reach} elements of axis ${i + 2}, its padded input has ${size + before + behind}`,
      );
    return Math.floor((size + before + behind - reach) / (attrs.stride[i] ?? 1)) + 1;
  });
}

/** `[n, c, …]` with its channels last. */
function framesOf(x: tf.Tensor, dims: number): Frames {
  const [batch = 0, channels = 0, ...sizes] = x.shape;
  const [depth, height, width] = inThree(sizes, dims, 1);
  const flat = tf.transpose(tf.reshape(x, [batch, channels, product(sizes)]), [0, 2, 1]);
  return { batch, depth, x: tf.reshape<tf.Rank.R4>(flat, [batch * depth, height, width, channels]) };
}

function padded(frames: Frames, { padding, dims }: Convolution): Frames {
  const [depth, height, width] = inThree(padding, dims, [0, 0]);
  const sides = (pad: readonly [number, number]): [number, number] => [pad[0], pad[1]];
  const isPadded = product([...height, ...width].map((size) => (size === 0 ? 1 : 0))) === 0;
  const x = isPadded ? tf.pad(frames.x, [[0, 0], sides(height), sides(width), [0, 0]]) : frames.x;
  if (depth[0] + depth[1] === 0) return { ...frames, x };
  const deeper = frames.depth + depth[0] + depth[1];
  const flat = tf.reshape(x, [frames.batch, frames.depth, x.size / (frames.batch * frames.depth)]);
  const wide = tf.pad(flat, [[0, 0], sides(depth), [0, 0]]);
  const shape: [number, number, number, number] = [frames.batch * deeper, x.shape[1], x.shape[2], x.shape[3]];
  return { ...frames, depth: deeper, x: tf.reshape<tf.Rank.R4>(wide, shape) };
}

/** `[out, in / groups, …kernel]` as `[…kernel, in / groups, out]`, flat. */
export function filterOf({ shape, data }: FloatTensor): tf.Tensor {
  const [out = 0, channels = 0, ...kernel] = shape;
  const taps = product(kernel);
  const filter = new Float32Array(data.length);
  for (let o = 0; o < out; o++)
    for (let c = 0; c < channels; c++)
      for (let k = 0; k < taps; k++)
        filter[(k * channels + c) * out + o] = data[(o * channels + c) * taps + k] ?? 0;
  return tf.tensor2d(filter, [data.length / out, out]);
}

/** Sums, over the slices of the kernel's depth, the 2-D convolutions of the frames that each slice meets. */
function convolveDepth(frames: Frames, filter: tf.Tensor, kernel: Kernel): tf.Tensor {
  const [kernelDepth, height, width] = kernel.size;
  const [taps = 0, out = 0] = filter.shape;
  const rows = taps / kernelDepth;
  const parts = Array.from({ length: kernelDepth }, (_, k) => {
    const slice = kernelDepth === 1 ? filter : tf.slice(filter, [k * rows, 0], [rows, out]);
    return convolveImage(
      framesAt(frames, k, kernel),
      tf.reshape<tf.Rank.R4>(slice, [height, width, rows / (height * width), out]),
      kernel,
    );
  });
  return parts.reduce<tf.Tensor>((sum, part, k) => (k === 0 ? part : tf.add(sum, part)), parts[0] ?? filter);
}

/** The frames that slice `k` of the kernel's depth meets, one for each position of the kernel. */
function framesAt({ batch, depth, x }: Frames, k: number, { size, stride, dilation }: Kernel): tf.Tensor4D {
  if (size[0] === 1 && stride[0] === 1) return x;
  const [, height, width, channels] = x.shape;
  const count = Math.floor((depth - dilation[0] * (size[0] - 1) - 1) / stride[0]) + 1;
  const frames = tf.reshape(x, [batch, depth, height * width * channels]);
  const picked = sliceAxis(frames, 1, k * dilation[0], count, stride[0]);
  return tf.reshape<tf.Rank.R4>(picked, [batch * count, height, width, channels]);
}

/** A 2-D convolution; the filter is `[kernel height, kernel width, in / groups, out]`. */
function convolveImage(x: tf.Tensor4D, filter: tf.Tensor4D, kernel: Kernel): tf.Tensor4D {
  const strides: [number, number] = [kernel.stride[1], kernel.stride[2]];
  const dilations: [number, number] = [kernel.dilation[1], kernel.dilation[2]];
  // tfjs has no convolution that is both strided and dilated: the strides pick from one with all positions.
  if (Math.max(...strides) > 1 && Math.max(...dilations) > 1) {
    const dense = convolveImage(x, filter, { ...kernel, stride: [1, 1, 1] });
    const [, height, width] = dense.shape;
    const rows = sliceAxis(dense, 1, 0, Math.ceil(height / strides[0]), strides[0]);
    const picked = sliceAxis(rows, 2, 0, Math.ceil(width / strides[1]), strides[1]);
    return tf.reshape<tf.Rank.R4>(picked, [
      dense.shape[0],
      rows.shape[1] ?? 0,
      picked.shape[2] ?? 0,
      dense.shape[3],
    ]);
  }
  const { groups } = kernel;
  if (groups === 1) return tf.conv2d(x, filter, strides, 'valid', 'NHWC', dilations);
  const [height, width, channels, out] = filter.shape;
  if (channels === 1) {
    const depthwise = tf.reshape<tf.Rank.R4>(filter, [height, width, groups, out / groups]);
    return tf.depthwiseConv2d(x, depthwise, strides, 'valid', 'NHWC', dilations);
  }
  const parts = Array.from({ length: groups }, (_, g) => {
    const part = tf.slice(x, [0, 0, 0, g * channels], [-1, -1, -1, channels]);
    const own = tf.slice(filter, [0, 0, 0, (g * out) / groups], [-1, -1, -1, out / groups]);
    return tf.conv2d(part, own, strides, 'valid', 'NHWC', dilations);
  });
  return tf.concat<tf.Tensor4D>(parts, 3);
}

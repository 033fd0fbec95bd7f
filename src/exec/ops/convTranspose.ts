import * as tf from '@tensorflow/tfjs-core';
import { transposedSize } from '../../graph/inferWindows';
import type { OpAttrs, Padding } from '../../graph/op';
import { type FloatTensor, floatTensor } from '../../graph/tensor';
import { sliceAxis } from './axes';
import { asBatch, convolve, filterOf, product } from './conv';
import { type ExecRule, floatAt } from './execRule';

type Attrs = OpAttrs['conv_transpose'];

/**
 * A transposed convolution is a convolution, with stride 1, of the input with zeros between its elements (`stride − 1`
 * of them) and around it, by the kernel turned round (Dumoulin and Visin, "A guide to convolution arithmetic for deep
 * learning", 2016, section 4). So it has groups and dilation in every backend.
 */
export const convTranspose: ExecRule<'conv_transpose'> = (inputs, { attrs }, context) => {
  const x = asBatch(floatAt(inputs, 0), attrs);
  const sizes = x.batch.shape.slice(2).map((size, i) => transposedSize(attrs, i, size));
  if (sizes.some((size) => size < 1))
    throw new Error(`its output would have the sizes [${sizes.join(', ')}], of which none may be below 1`);
  const outShape = [x.batch.shape[0] ?? 0, attrs.outChannels, ...sizes];
  if (x.batch.size === 0) return x.unbatch(tf.zeros(outShape));
  const borders = attrs.kernelSize.map((_, i) => borderOf(attrs, i));
  const apart = borders.reduce((y, border, i) => stuffed(y, i + 2, attrs.stride[i] ?? 1, border), x.batch);
  const form = `turned filter of ${attrs.groups} groups`;
  const filter = () =>
    context.derived(attrs.weight, form, (weight) => filterOf(turned(weight, attrs)), attrs.weightGrid);
  const bias = attrs.bias ? context.param(attrs.bias) : null;
  const padding = borders.map(([before, behind]): Padding => [Math.max(0, before), Math.max(0, behind)]);
  const stride = attrs.stride.map(() => 1);
  return x.unbatch(convolve(apart, filter, bias, { ...attrs, stride, padding }));
};

/** Zeros around the input: those that the kernel reaches over, less what is cut off; below 0, of the input itself. */
function borderOf({ padding, kernelSize, dilation, outputPadding }: Attrs, i: number): Padding {
  const reach = (dilation[i] ?? 1) * ((kernelSize[i] ?? 1) - 1);
  const [before, behind] = padding[i] ?? [0, 0];
  return [reach - before, reach - behind + (outputPadding[i] ?? 0)];
}

/** With `stride − 1` zeros between the elements of an axis, and without as many at its ends as a border is below 0. */
function stuffed(x: tf.Tensor, axis: number, stride: number, [before, behind]: Padding): tf.Tensor {
  const size = x.shape[axis] ?? 0;
  const apart = stride === 1 ? x : zerosBetween(x, axis, size, stride);
  const [first, cut] = [Math.max(0, -before), Math.max(0, -behind)];
  const length = (size - 1) * stride + 1;
  if (stride === 1 && first + cut === 0) return apart;
  return sliceAxis(apart, axis, first, length - first - cut, 1);
}

function zerosBetween(x: tf.Tensor, axis: number, size: number, stride: number): tf.Tensor {
  const inner = product(x.shape.slice(axis + 1));
  const flat = tf.reshape(x, [x.size / inner, 1, inner]);
  const sides: [number, number][] = [
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ];
  return tf.reshape(tf.pad(flat, sides), x.shape.with(axis, size * stride));
}

/** `[in, out / groups, …kernel]` as the weight of the convolution, `[out, in / groups, …kernel]`, with each kernel turned round. */
export function turned({ shape, data }: FloatTensor, { groups }: Pick<Attrs, 'groups'>): FloatTensor {
  const [channels = 0, perGroup = 0, ...kernel] = shape;
  const taps = product(kernel);
  const rows = channels / groups;
  const out = new Float32Array(data.length);
  for (let c = 0; c < channels; c++)
    for (let o = 0; o < perGroup; o++) {
      const to = ((Math.floor(c / rows) * perGroup + o) * rows + (c % rows)) * taps;
      const from = (c * perGroup + o) * taps;
      for (let k = 0; k < taps; k++) out[to + taps - 1 - k] = data[from + k] ?? 0;
    }
  return floatTensor([perGroup * groups, rows, ...kernel], out);
}

import * as tf from '@tensorflow/tfjs-core';
import { windowCount } from '../graph/inferWindows';
import type { OpAttrs } from '../graph/op';
import { sliceAxis } from './axes';
import { type ExecRule, floatAt } from './execRule';

/*
 * Pooling in any number of dimensions. A window is a box, so its maximum and its sum are taken axis by axis: along one
 * axis of [outer, size, inner] they are the maximum and the sum of a few strided slices, which every backend has.
 */

type PoolAttrs = OpAttrs['max_pool' | 'avg_pool'];

/** The windows along one axis. */
interface AxisWindows {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly count: number;
}

function windowsOf(x: tf.Tensor, attrs: PoolAttrs): readonly AxisWindows[] {
  const { dims, ceilMode } = attrs;
  if (x.rank !== dims + 1 && x.rank !== dims + 2)
    throw new Error(`its input [${x.shape.join(', ')}] must have ${dims + 2} axes`);
  return x.shape.slice(-dims).map((size, i) => {
    const kernel = attrs.kernelSize[i] ?? 1;
    const stride = attrs.stride[i] ?? 1;
    const padding = attrs.padding[i] ?? 0;
    const dilation = 'dilation' in attrs ? (attrs.dilation[i] ?? 1) : 1;
    const count = windowCount(size, kernel, stride, [padding, padding], dilation, ceilMode);
    if (count < 1) throw new Error(`its windows of ${kernel} do not fit its input [${x.shape.join(', ')}]`);
    return { size, kernel, stride, padding, dilation, count };
  });
}

/** Combines the elements of every window along one axis; positions outside the input count as `fill`. */
function poolAxis(
  x: tf.Tensor,
  axis: number,
  { size, kernel, stride, padding, dilation, count }: AxisWindows,
  fill: number,
  combine: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const outer = x.shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const inner = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const reach = (count - 1) * stride + dilation * (kernel - 1) + 1;
  const flat = tf.reshape(x, [outer, size, inner]);
  const behind = Math.max(0, reach - padding - size);
  const wide =
    padding + behind > 0
      ? tf.pad(
          flat,
          [
            [0, 0],
            [padding, behind],
            [0, 0],
          ],
          fill,
        )
      : flat;
  let result = sliceAxis(wide, 1, 0, count, stride);
  for (let k = 1; k < kernel; k++) result = combine(result, sliceAxis(wide, 1, k * dilation, count, stride));
  return tf.reshape(result, x.shape.with(axis, count));
}

function poolAll(
  x: tf.Tensor,
  windows: readonly AxisWindows[],
  fill: number,
  combine: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const first = x.rank - windows.length;
  return windows.reduce((y, window, i) => poolAxis(y, first + i, window, fill, combine), x);
}

export const maxPool: ExecRule<'max_pool'> = (inputs, { attrs }) => {
  const x = floatAt(inputs, 0);
  return poolAll(x, windowsOf(x, attrs), Number.NEGATIVE_INFINITY, tf.maximum);
};

export const avgPool: ExecRule<'avg_pool'> = (inputs, { attrs }) => {
  const x = floatAt(inputs, 0);
  const windows = windowsOf(x, attrs);
  const sum = poolAll(x, windows, 0, tf.add);
  if (attrs.divisor !== null) return tf.div(sum, attrs.divisor);
  const counts = windows.map((window) => elementCounts(window, attrs.countIncludePad));
  const shape = counts.map((along) => along.length);
  const products = counts.reduce<readonly number[]>(
    (all, along) => all.flatMap((a) => along.map((b) => a * b)),
    [1],
  );
  return tf.div(sum, tf.tensor(Float32Array.from(products), shape));
};

/** How many elements each window along an axis has: padding counts or not, what lies beyond it never does. */
function elementCounts(
  { size, kernel, stride, padding, count }: AxisWindows,
  countPadding: boolean,
): number[] {
  return Array.from({ length: count }, (_, i) => {
    const start = i * stride - padding;
    const end = Math.min(start + kernel, size + padding);
    return countPadding ? end - start : Math.min(end, size) - Math.max(start, 0);
  });
}

/** Window i of `count` covers `⌊i · size / count⌋ … ⌈(i + 1) · size / count⌉ − 1` (torch/aten, AdaptiveAveragePooling). */
export const adaptiveAvgPool: ExecRule<'adaptive_avg_pool'> = (inputs, { attrs }) => {
  const x = floatAt(inputs, 0);
  const { dims, outputSize } = attrs;
  if (x.rank !== dims + 1 && x.rank !== dims + 2)
    throw new Error(`its input [${x.shape.join(', ')}] must have ${dims + 2} axes`);
  const first = x.rank - dims;
  return outputSize.reduce<tf.Tensor>((y, count, i) => adaptiveAxis(y, first + i, count), tf.clone(x));
};

function adaptiveAxis(x: tf.Tensor, axis: number, count: number | null): tf.Tensor {
  const size = x.shape[axis] ?? 0;
  if (count === null || count === size) return x;
  if (count === 1) return tf.mean(x, axis, true);
  const parts = Array.from({ length: count }, (_, i) => {
    const start = Math.floor((i * size) / count);
    const end = Math.ceil(((i + 1) * size) / count);
    return tf.mean(sliceAxis(x, axis, start, end - start, 1), axis, true);
  });
  return tf.concat(parts, axis);
}

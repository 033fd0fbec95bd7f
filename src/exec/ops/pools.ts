import * as tf from '@tensorflow/tfjs-core';
import { paddingAt, windowCount } from '../../graph/inferWindows';
import type { OpAttrs, Padding } from '../../graph/op';
import { sliceAxis } from './axes';
import { type ExecRule, floatAt, tensorAt } from './execRule';

/*
 * Pooling in any number of dimensions, from strided slices of [outer, size, inner], which every backend has: a window is
 * a box, and the k-th elements of all windows along one axis are one such slice.
 */

type PoolAttrs = OpAttrs['max_pool' | 'avg_pool'];

/** The windows along one axis. */
interface AxisWindows {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: Padding;
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
    const padding = paddingAt(attrs, i, size);
    const dilation = attrs.dilation[i] ?? 1;
    const count = windowCount(size, kernel, stride, padding, dilation, ceilMode);
    if (count < 1) throw new Error(`its windows of ${kernel} do not fit its input [${x.shape.join(', ')}]`);
    return { size, kernel, stride, padding, dilation, count };
  });
}

/** The input with what its windows cover outside of it along one axis: `fill`. */
function padAxis(
  x: tf.Tensor,
  axis: number,
  { size, kernel, stride, padding: [before], dilation, count }: AxisWindows,
  fill: number,
): tf.Tensor {
  const reach = (count - 1) * stride + dilation * (kernel - 1) + 1;
  const behind = Math.max(0, reach - before - size);
  if (before + behind === 0) return x;
  const outer = x.shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const inner = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const sides: [number, number][] = [
    [0, 0],
    [before, behind],
    [0, 0],
  ];
  const wide = tf.pad(tf.reshape(x, [outer, size, inner]), sides, fill);
  return tf.reshape(wide, x.shape.with(axis, before + size + behind));
}

/** The k-th element of every window along an axis. */
const elementAt = (x: tf.Tensor, axis: number, k: number, window: AxisWindows): tf.Tensor =>
  sliceAxis(x, axis, k * window.dilation, window.count, window.stride);

/** The maximum of a box is the maximum, along one axis, of maxima along the others. */
export const maxPool: ExecRule<'max_pool'> = (inputs, { attrs }) => {
  const x = floatAt(inputs, 0);
  const windows = windowsOf(x, attrs);
  const first = x.rank - windows.length;
  // ONNX takes whole numbers too; a maximum is one of them.
  const maxima = windows.reduce((y, window, i) => {
    const wide = padAxis(y, first + i, window, Number.NEGATIVE_INFINITY);
    const elements = Array.from({ length: window.kernel }, (_, k) => elementAt(wide, first + i, k, window));
    return elements.reduce((a, b) => tf.maximum(a, b));
  }, x);
  return tf.cast(maxima, tensorAt(inputs, 0).dtype);
};

/**
 * Sums of boxes, element by element in PyTorch's order, last axis fastest: means of quantized values lie between two
 * steps of the grid so often that another order, with other last bits, would round many of them the other way.
 */
function windowSums(x: tf.Tensor, windows: readonly AxisWindows[]): tf.Tensor {
  const first = x.rank - windows.length;
  let sum: tf.Tensor | null = null;
  const add = (part: tf.Tensor, at: number): void => {
    const window = windows[at];
    if (!window) sum = sum === null ? part : tf.add(sum, part);
    else for (let k = 0; k < window.kernel; k++) add(elementAt(part, first + at, k, window), at + 1);
  };
  add(
    windows.reduce((wide, window, i) => padAxis(wide, first + i, window, 0), x),
    0,
  );
  return sum ?? x;
}

export const avgPool: ExecRule<'avg_pool'> = (inputs, { attrs }) => {
  const x = floatAt(inputs, 0);
  const windows = windowsOf(x, attrs);
  const sum = windowSums(x, windows);
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
  { size, kernel, stride, padding: [before, behind], dilation, count }: AxisWindows,
  countPadding: boolean,
): number[] {
  const [first, last] = countPadding ? [-before, size + behind] : [0, size];
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: kernel }, (_, k) => i * stride - before + k * dilation).reduce(
      (elements, at) => elements + (at >= first && at < last ? 1 : 0),
      0,
    ),
  );
}

/** Window i of `count` covers `⌊i · size / count⌋ … ⌈(i + 1) · size / count⌉ − 1` (torch/aten, AdaptiveAveragePooling). */
export const adaptiveAvgPool: ExecRule<'adaptive_avg_pool'> = (inputs, { attrs }) => {
  const x = floatAt(inputs, 0);
  const { axes, counts } = adaptiveWindows(x, attrs);
  if (counts.every((count) => count === 1)) return tf.mean(x, axes, true);
  if (axes.every((axis, i) => (x.shape[axis] ?? 0) % (counts[i] ?? 1) === 0))
    return evenMeans(x, axes, counts);
  return unevenMeans(x, axes, counts);
};

function adaptiveWindows(
  x: tf.Tensor,
  { dims, outputSize }: OpAttrs['adaptive_avg_pool'],
): { readonly axes: number[]; readonly counts: readonly number[] } {
  if (x.rank !== dims + 1 && x.rank !== dims + 2)
    throw new Error(`its input [${x.shape.join(', ')}] must have ${dims + 2} axes`);
  const first = x.rank - dims;
  const counts = outputSize.map((count, i) => count ?? x.shape[first + i] ?? 0);
  return { axes: counts.map((_, i) => first + i), counts };
}

/** The same windows; a maximum goes axis by axis. */
export const adaptiveMaxPool: ExecRule<'adaptive_max_pool'> = (inputs, { attrs }) => {
  const x = floatAt(inputs, 0);
  const { axes, counts } = adaptiveWindows(x, attrs);
  if (counts.every((count) => count === 1)) return tf.max(x, axes, true);
  return axes.reduce((y, axis, i) => {
    const [size, count] = [x.shape[axis] ?? 0, counts[i] ?? 1];
    const parts = Array.from({ length: count }, (_, k) => {
      const start = Math.floor((k * size) / count);
      const end = Math.ceil(((k + 1) * size) / count);
      return tf.max(sliceAxis(y, axis, start, end - start, 1), axis, true);
    });
    return tf.concat(parts, axis);
  }, x);
};

/** Windows of one size, side by side: their sums, divided by each size in turn as PyTorch does. */
function evenMeans(x: tf.Tensor, axes: readonly number[], counts: readonly number[]): tf.Tensor {
  const windows = axes.map((axis, i): AxisWindows => {
    const size = x.shape[axis] ?? 0;
    const count = counts[i] ?? 1;
    return { size, count, kernel: size / count, stride: size / count, padding: [0, 0], dilation: 1 };
  });
  return windows.reduce((sum, { kernel }) => tf.div(sum, kernel), windowSums(x, windows));
}

/** Windows of different sizes: each box by itself, for the sake of the order in which its elements are added. */
function unevenMeans(x: tf.Tensor, axes: readonly number[], counts: readonly number[]): tf.Tensor {
  const box = (part: tf.Tensor, at: number): tf.Tensor => {
    const [axis, count] = [axes[at], counts[at]];
    if (axis === undefined || count === undefined)
      return evenMeans(
        part,
        axes,
        axes.map(() => 1),
      );
    const size = x.shape[axis] ?? 0;
    const parts = Array.from({ length: count }, (_, i) => {
      const start = Math.floor((i * size) / count);
      const end = Math.ceil(((i + 1) * size) / count);
      return box(sliceAxis(part, axis, start, end - start, 1), at + 1);
    });
    return tf.concat(parts, axis);
  };
  return box(x, 0);
}

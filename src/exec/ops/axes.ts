import * as tf from '@tensorflow/tfjs-core';
import type { IndexPart } from '../../graph/op';
import type { Extent } from '../../graph/sizes';
import { axisIn, type ExecRule, tensorAt } from './execRule';
import { plainNumber } from './numericCall';
import { transpose } from './transpose';

/* Ops that pick, join, drop or reorder axes. */

/** Tensors of one type: where they differ, all as float32. */
export const cat: ExecRule<'cat'> = (inputs, { attrs }) => {
  const tensors = inputs.map((_, i) => tensorAt(inputs, i));
  const [first] = tensors;
  if (!first) throw new Error('it needs at least one tensor');
  const alike = tensors.every((t) => t.dtype === first.dtype);
  const axis = axisIn(first, attrs.dim);
  const same = alike ? tensors : tensors.map((t) => tf.cast(t, 'float32'));
  return same.length === 1 ? tf.clone(same[0] ?? first) : tf.concat(same, axis);
};

export const permute: ExecRule<'permute'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  const order = attrs.order.map((dim) => axisIn(x, dim));
  if (new Set(order).size !== x.rank || order.length !== x.rank)
    throw new Error(
      `the order [${attrs.order.join(', ')}] does not name each of its input's ${x.rank} axes once`,
    );
  return transpose(x, order);
};

export const mean: ExecRule<'mean'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  const axes = attrs.dims?.map((dim) => axisIn(x, dim));
  return tf.mean(tf.cast(x, 'float32'), axes, attrs.keepDim);
};

export const squeeze: ExecRule<'squeeze'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  const dropped = new Set(attrs.dims?.map((dim) => axisIn(x, dim)));
  const shape = x.shape.filter((dim, axis) => dim !== 1 || (attrs.dims !== null && !dropped.has(axis)));
  return tf.reshape(x, shape);
};

export const unsqueeze: ExecRule<'unsqueeze'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  const axis = attrs.dim < 0 ? attrs.dim + x.rank + 1 : attrs.dim;
  if (axis < 0 || axis > x.rank)
    throw new Error(`dim ${attrs.dim} lies outside of what an input of ${x.rank} axes can get`);
  return tf.reshape(x, x.shape.toSpliced(axis, 0, 1));
};

/** Picks along one axis after the other: tfjs' WebGPU slices at most four axes at once. */
export const getitem: ExecRule<'getitem'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  const shape: number[] = [];
  let axis = 0;
  let picked = tf.clone(x);
  for (const part of fullIndex(attrs.index, x.rank)) {
    if (part.kind === 'new') {
      shape.push(1);
      continue;
    }
    const size = x.shape[axis] ?? 0;
    const [from, to, step] =
      part.kind === 'at' ? pick(plainNumber(part.position), size, axis) : range(part, size);
    const count = Math.ceil((to - from) / step);
    if (count < size) picked = sliceAxis(picked, axis, from, count, step);
    if (part.kind === 'slice') shape.push(count);
    axis++;
  }
  return tf.reshape(picked, shape);
};

/** `count` elements of one axis from `first` on, every `step`-th. */
export function sliceAxis(x: tf.Tensor, axis: number, first: number, count: number, step: number): tf.Tensor {
  const shape = x.shape.with(axis, count);
  const outer = x.shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const inner = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  if (count === 0 || outer === 0 || inner === 0) return tf.zeros(shape, x.dtype);
  const flat = tf.reshape(x, [outer, x.shape[axis] ?? 0, inner]);
  const sliced =
    step === 1
      ? tf.slice(flat, [0, first, 0], [outer, count, inner])
      : tf.stridedSlice(flat, [0, first, 0], [outer, first + (count - 1) * step + 1, inner], [1, step, 1]);
  return tf.reshape(sliced, shape);
}

type AxisPart = Exclude<IndexPart, { kind: 'rest' }>;
const WHOLE: AxisPart = { kind: 'slice', start: null, stop: null, step: 1 };

/** The index with its ellipsis, or what it leaves out at the end, spelled as whole axes. */
function fullIndex(index: readonly IndexPart[], rank: number): readonly AxisPart[] {
  const named = index.filter((part) => part.kind === 'at' || part.kind === 'slice').length;
  if (named > rank) throw new Error(`it has ${named} indices for an input of ${rank} axes`);
  const rest = new Array<AxisPart>(rank - named).fill(WHOLE);
  const parts = index.flatMap((part) => (part.kind === 'rest' ? rest : [part]));
  return index.some((part) => part.kind === 'rest') ? parts : [...parts, ...rest];
}

function pick(position: number, size: number, axis: number): readonly [number, number, number] {
  const at = position < 0 ? position + size : position;
  if (at < 0 || at >= size) throw new Error(`index ${position} lies outside axis ${axis} of size ${size}`);
  return [at, at + 1, 1];
}

/** Python's slice: negative bounds count from the end, and what lies outside is cut off. */
function range(
  { start, stop, step }: Extract<IndexPart, { kind: 'slice' }>,
  size: number,
): readonly [number, number, number] {
  const bound = (extent: Extent) => {
    const value = plainNumber(extent);
    return Math.min(size, Math.max(0, value < 0 ? value + size : value));
  };
  const from = bound(start ?? 0);
  return [from, Math.max(from, bound(stop ?? size)), step];
}

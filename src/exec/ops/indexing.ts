import * as tf from '@tensorflow/tfjs-core';
import { around, asNumbers, takeAlong } from './alongAxis';
import { axisIn, type ExecRule, tensorAt } from './execRule';
import { transpose } from './transpose';

/* Ops that pick by an index. */

/** Places counted from the end become places from the front. */
function fromFront(index: tf.Tensor, size: number): tf.Tensor {
  if (index.dtype === 'bool') throw new Error('its index holds truth values; whole numbers are supported');
  const whole = tf.cast(index, 'int32');
  return tf.where(tf.less(whole, tf.scalar(0, 'int32')), tf.add(whole, tf.scalar(size, 'int32')), whole);
}

/** Entries of an axis; the index' axes take the place of that one. */
export const indexSelect: ExecRule<'index_select'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  const axis = axisIn(x, attrs.dim);
  const [outer, size, inner] = around(x, axis);
  if (attrs.index)
    return takeAlong(
      x,
      axis,
      Int32Array.from(attrs.index, (place) => inside(place, size, axis)),
    );
  const index = tensorAt(inputs, 1);
  const shape = x.shape.toSpliced(axis, 1, ...index.shape);
  if (shape.includes(0)) return tf.zeros(shape, x.dtype);
  const places = tf.reshape(fromFront(index, size), [index.size]);
  return asNumbers(x, (numbers) =>
    tf.reshape(tf.gather(tf.reshape(numbers, [outer, size, inner]), places, 1), shape),
  );
};

function inside(place: number, size: number, axis: number): number {
  if (place < -size || place >= size)
    throw new Error(`index ${place} lies outside axis ${axis} of size ${size}`);
  return place < 0 ? place + size : place;
}

/** Each element of the output has a place of its own in the flat input. */
export const gather: ExecRule<'gather'> = (inputs, { attrs }) => {
  const [x, index] = [tensorAt(inputs, 0), tensorAt(inputs, 1)];
  const axis = axisIn(x, attrs.dim);
  const fits =
    index.rank === x.rank && index.shape.every((dim, at) => at === axis || dim <= (x.shape[at] ?? 0));
  if (!fits)
    throw new Error(
      `an index of shape [${index.shape.join(', ')}] does not fit an input of [${x.shape.join(', ')}]`,
    );
  if (index.size === 0) return tf.zeros(index.shape, x.dtype);
  const [, size, inner] = around(x, axis);
  const rest = tf.tensor1d(restOfPlaces(index.shape, x.shape, axis), 'int32');
  const along = tf.mul(tf.reshape(fromFront(index, size), [index.size]), tf.scalar(inner, 'int32'));
  return asNumbers(x, (numbers) =>
    tf.reshape(tf.gather(tf.reshape(numbers, [x.size]), tf.add(along, rest)), index.shape),
  );
};

/** For each element of a tensor of shape `of`, its place in a flat one of shape `within`, the given axis aside. */
function restOfPlaces(of: readonly number[], within: readonly number[], axis: number): Int32Array {
  const strides = within.map((_, at) => within.slice(at + 1).reduce((a, b) => a * b, 1));
  const places = new Int32Array(of.reduce((a, b) => a * b, 1));
  const at = new Array<number>(of.length).fill(0);
  for (let i = 0; i < places.length; i++) {
    places[i] = at.reduce((sum, place, k) => (k === axis ? sum : sum + place * (strides[k] ?? 0)), 0);
    for (let k = of.length - 1; k >= 0; k--) {
      at[k] = (at[k] ?? 0) + 1;
      if ((at[k] ?? 0) < (of[k] ?? 0)) break;
      at[k] = 0;
    }
  }
  return places;
}

/** tfjs sorts the last axis, the largest first, and of equal values the first first. */
export const topk: ExecRule<'topk'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  const axis = axisIn(x, attrs.dim);
  const size = x.shape[axis] ?? 0;
  if (attrs.count > size) throw new Error(`it takes ${attrs.count} of axis ${axis}, which has ${size}`);
  const order = [...x.shape.keys()].filter((at) => at !== axis);
  const moved = transpose(x, [...order, axis]);
  const rows = tf.reshape(moved, [x.size / Math.max(1, size), size]);
  const found = tf.topk(attrs.largest ? rows : tf.neg(rows), attrs.count);
  const picked =
    attrs.output === 'indices' ? found.indices : attrs.largest ? found.values : tf.neg(found.values);
  const back = [...x.shape.keys()].map((at) => (at === axis ? x.rank - 1 : order.indexOf(at)));
  return transpose(tf.reshape(picked, [...order.map((at) => x.shape[at] ?? 1), attrs.count]), back);
};

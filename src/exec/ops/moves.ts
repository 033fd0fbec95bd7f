import * as tf from '@tensorflow/tfjs-core';
import { partBounds } from '../../graph/cut';
import { repeatAlong, takeAlong } from './alongAxis';
import { cat, sliceAxis } from './axes';
import { axisIn, type ExecRule, tensorAt } from './execRule';
import { plainNumber } from './numericCall';

/* Ops that cut, repeat, stack and rearrange. */

export const split: ExecRule<'split'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  const axis = axisIn(x, attrs.dim);
  const size = x.shape[axis] ?? 0;
  const bounds = partBounds(attrs.cut, attrs.part, size);
  if (!bounds) throw new Error(`axis ${axis} of size ${size} gives no part ${attrs.part}`);
  const { cut } = attrs;
  const sum =
    cut.kind === 'sizes' ? cut.sizes.reduce((all: number, part) => all + plainNumber(part), 0) : size;
  if (sum !== size) throw new Error(`its parts add up to ${sum}, and axis ${axis} has ${size}`);
  return sliceAxis(x, axis, bounds[0], bounds[1] - bounds[0], 1);
};

export const expand: ExecRule<'expand'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  const asked = attrs.shape.map(plainNumber);
  const added = asked.length - x.rank;
  if (added < 0)
    throw new Error(`[${asked.join(', ')}] has fewer axes than its input [${x.shape.join(', ')}]`);
  const shape = asked.map((dim, i) => (dim === -1 ? (x.shape[i - added] ?? -1) : dim));
  const fits = x.shape.every((dim, i) => dim === 1 || dim === shape[i + added]);
  if (!fits || shape.includes(-1))
    throw new Error(`an input of shape [${x.shape.join(', ')}] does not expand to [${asked.join(', ')}]`);
  const long = tf.reshape(x, [...new Array<number>(added).fill(1), ...x.shape]);
  return shape.reduce(
    (wide, dim, axis) => (wide.shape[axis] === dim ? wide : repeatAlong(wide, axis, dim)),
    long,
  );
};

export const repeat: ExecRule<'repeat'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  const times = attrs.repeats.map(plainNumber);
  const rank = Math.max(x.rank, times.length);
  const long = tf.reshape(x, [...new Array<number>(rank - x.rank).fill(1), ...x.shape]);
  return times.reduce((wide, count, i) => {
    const axis = rank - times.length + i;
    return count === 1 ? wide : repeatAlong(wide, axis, count);
  }, long);
};

export const stack: ExecRule<'stack'> = (inputs, { attrs }, context) => {
  const tensors = inputs.map((_, i) => tensorAt(inputs, i));
  const [first] = tensors;
  if (!first) throw new Error('it needs at least one tensor');
  const other = tensors.find((t) => String(t.shape) !== String(first.shape));
  if (other)
    throw new Error(
      `its tensors must have one shape, not [${first.shape.join(', ')}] and [${other.shape.join(', ')}]`,
    );
  const axis = attrs.dim < 0 ? attrs.dim + first.rank + 1 : attrs.dim;
  if (axis < 0 || axis > first.rank) throw new Error(`dim ${attrs.dim} lies outside its input`);
  const lines = tensors.map((t) => tf.reshape(t, t.shape.toSpliced(axis, 0, 1)));
  return cat(lines, { op: 'cat', operands: [], attrs: { dim: axis } }, context);
};

export const flip: ExecRule<'flip'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  return attrs.dims.reduce((turned: tf.Tensor, dim) => {
    const axis = axisIn(x, dim);
    const size = x.shape[axis] ?? 0;
    return takeAlong(
      turned,
      axis,
      Int32Array.from({ length: size }, (_, i) => size - 1 - i),
    );
  }, tf.clone(x));
};

export const roll: ExecRule<'roll'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  const isFlat = attrs.dims.length === 0;
  const start = isFlat ? tf.reshape(x, [x.size]) : tf.clone(x);
  const rolled = attrs.shifts.reduce((moved, shift, i) => {
    const axis = isFlat ? 0 : axisIn(x, attrs.dims[i] ?? 0);
    const size = moved.shape[axis] ?? 0;
    const places = Int32Array.from({ length: size }, (_, at) => (((at - shift) % size) + size) % size);
    return takeAlong(moved, axis, places);
  }, start);
  return tf.reshape(rolled, x.shape);
};

/** What is left out is 0, also where it was infinite. */
export const trilu: ExecRule<'trilu'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  if (x.rank < 2) throw new Error(`it needs two axes, and its input has ${x.rank}`);
  const [rows = 0, columns = 0] = x.shape.slice(-2);
  if (x.size === 0) return tf.clone(x);
  const kept = Uint8Array.from({ length: rows * columns }, (_, i) => {
    const distance = (i % columns) - Math.floor(i / columns) - attrs.diagonal;
    return Number(attrs.upper ? distance >= 0 : distance <= 0);
  });
  const flat = tf.reshape(x, [x.size / kept.length, rows, columns]);
  const mask = repeatAlong(tf.tensor3d(kept, [1, rows, columns], 'bool'), 0, x.size / kept.length);
  const numbers = x.dtype === 'bool' ? tf.cast(flat, 'int32') : flat;
  return tf.cast(tf.reshape(tf.where(mask, numbers, tf.zerosLike(numbers)), x.shape), x.dtype);
};

/** The last three axes, and how many tensors of that shape there are. */
function imageOf(x: tf.Tensor): readonly [number, number, number, number] {
  if (x.rank < 3) throw new Error(`it needs three axes or more, and its input has ${x.rank}`);
  const [channels = 0, height = 0, width = 0] = x.shape.slice(-3);
  return [x.shape.slice(0, -3).reduce((a, b) => a * b, 1), channels, height, width];
}

export const pixelShuffle: ExecRule<'pixel_shuffle'> = (inputs, { attrs: { factor } }) => {
  const x = tensorAt(inputs, 0);
  const [n, channels, height, width] = imageOf(x);
  const made = channels / factor ** 2;
  if (!Number.isInteger(made)) throw new Error(`${channels} channels do not divide by ${factor}²`);
  // Row r of a block is the first of the two factors of the channel.
  const blocks = tf.reshape(x, [n * made, factor, factor, height * width]);
  const rows = tf.reshape(tf.transpose(blocks, [0, 1, 3, 2]), [n * made, factor, height, width * factor]);
  const image = tf.transpose(rows, [0, 2, 1, 3]);
  return tf.reshape(image, [...x.shape.slice(0, -3), made, height * factor, width * factor]);
};

export const pixelUnshuffle: ExecRule<'pixel_unshuffle'> = (inputs, { attrs: { factor } }) => {
  const x = tensorAt(inputs, 0);
  const [n, channels, height, width] = imageOf(x);
  const [rows, columns] = [height / factor, width / factor];
  if (!Number.isInteger(rows) || !Number.isInteger(columns))
    throw new Error(`${height} × ${width} does not divide by ${factor}`);
  const strips = tf.transpose(tf.reshape(x, [n * channels, rows, factor, width]), [0, 2, 1, 3]);
  const blocks = tf.reshape(strips, [n * channels, factor, rows * columns, factor]);
  const image = tf.transpose(blocks, [0, 1, 3, 2]);
  return tf.reshape(image, [...x.shape.slice(0, -3), channels * factor ** 2, rows, columns]);
};

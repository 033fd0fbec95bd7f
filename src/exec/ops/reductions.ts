import * as tf from '@tensorflow/tfjs-core';
import type { ReduceFunction } from '../../graph/elementwise';
import { logSoftmaxOver } from '../values';
import { axisIn, type ExecRule, floatAt, tensorAt } from './execRule';

/* Ops that reduce axes, and ops that run along one. */

type Reduction = (x: tf.Tensor, axes: number[], keepDim: boolean) => tf.Tensor;

/** Bools count as whole numbers. */
const whole = (x: tf.Tensor): tf.Tensor => (x.dtype === 'bool' ? tf.cast(x, 'int32') : x);

const truth = (x: tf.Tensor): tf.Tensor => (x.dtype === 'bool' ? x : tf.notEqual(x, tf.zerosLike(x)));

/** The largest of no elements has no value, in PyTorch as here. */
const nonEmpty =
  (reduce: Reduction): Reduction =>
  (x, axes, keepDim) => {
    if (x.size === 0 && axes.some((axis) => x.shape[axis] === 0))
      throw new Error(`an axis of its input [${x.shape.join(', ')}] has no elements to choose from`);
    return reduce(x, axes, keepDim);
  };

const REDUCTIONS: { readonly [F in ReduceFunction]: Reduction } = {
  sum: (x, axes, keepDim) => tf.sum(whole(x), axes, keepDim),
  prod: (x, axes, keepDim) => tf.prod(whole(x), axes, keepDim),
  amax: nonEmpty((x, axes, keepDim) => tf.cast(tf.max(whole(x), axes, keepDim), x.dtype)),
  amin: nonEmpty((x, axes, keepDim) => tf.cast(tf.min(whole(x), axes, keepDim), x.dtype)),
  logsumexp: (x, axes, keepDim) => tf.logSumExp(tf.cast(x, 'float32'), axes, keepDim),
  any: (x, axes, keepDim) => tf.any(truth(x), axes, keepDim),
  all: (x, axes, keepDim) => tf.all(truth(x), axes, keepDim),
};

export const reduce: ExecRule<'reduce'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  const axes = attrs.dims?.map((dim) => axisIn(x, dim)) ?? x.shape.map((_, axis) => axis);
  return REDUCTIONS[attrs.fn](x, axes, attrs.keepDim);
};

export const argReduce: ExecRule<'arg_reduce'> = (inputs, { attrs: { fn, dim, keepDim } }) => {
  const given = whole(tensorAt(inputs, 0));
  const x = dim === null ? tf.reshape(given, [given.size]) : given;
  const axis = dim === null ? 0 : axisIn(x, dim);
  if (x.shape[axis] === 0)
    throw new Error(`its input [${given.shape.join(', ')}] has no elements to choose from`);
  const place = fn === 'argmax' ? tf.argMax(x, axis) : tf.argMin(x, axis);
  // tfjs' WebGPU leaves an axis of 1 where a vector gives one number.
  if (!keepDim) return tf.reshape(place, x.shape.toSpliced(axis, 1));
  return tf.reshape(place, dim === null ? given.shape.map(() => 1) : x.shape.with(axis, 1));
};

export const cumsum: ExecRule<'cumsum'> = (inputs, { attrs }) => {
  const x = whole(tensorAt(inputs, 0));
  return tf.cumsum(x, axisIn(x, attrs.dim));
};

export const logSoftmax: ExecRule<'log_softmax'> = (inputs, { attrs }) => {
  const x = floatAt(inputs, 0);
  return logSoftmaxOver(x, axisIn(x, attrs.dim));
};

/** By comparison with 0, 1, 2 …: a place outside gives zeros. */
export const oneHot: ExecRule<'one_hot'> = (inputs, { attrs }) => {
  const x = tf.cast(tensorAt(inputs, 0), 'int32');
  const places = tf.range(0, attrs.classes, 1, 'int32');
  return tf.cast(tf.equal(tf.expandDims(x, x.rank), places), 'int32');
};

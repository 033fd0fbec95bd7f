import * as tf from '@tensorflow/tfjs-core';
import { type ExecRule, floatAt, tensorAt, unary } from './execRule';

/* Activation functions with PyTorch's treatment of NaN: it passes through. */

/** The comparisons of tfjs' own clip and relu6 lose NaN on some backends; a bound that is infinite does not bound. */
export function clamp(x: tf.Tensor, min: number, max: number): tf.Tensor {
  const above = min === Number.NEGATIVE_INFINITY ? x : tf.maximum(x, min);
  const within = max === Number.POSITIVE_INFINITY ? above : tf.minimum(above, max);
  return within === x ? tf.clone(x) : within;
}

export const relu6 = unary((x) => clamp(x, 0, 6));

/** Whole numbers between whole bounds stay such. */
export const hardtanh: ExecRule<'hardtanh'> = (inputs, { attrs: { min, max } }) => {
  const x = tensorAt(inputs, 0);
  const isWhole = [min, max].every((bound) => Number.isInteger(bound) || !Number.isFinite(bound));
  if (x.dtype === 'float32' || !isWhole) return clamp(floatAt(inputs, 0), min, max);
  const above = Number.isFinite(min) ? tf.maximum(x, tf.scalar(min, 'int32')) : x;
  const within = Number.isFinite(max) ? tf.minimum(above, tf.scalar(max, 'int32')) : above;
  return within === x ? tf.clone(x) : within;
};

export const silu = unary((x) => tf.mul(x, tf.sigmoid(x)));

export const elu: ExecRule<'elu'> = (inputs, { attrs }) => {
  const x = floatAt(inputs, 0);
  return attrs.alpha === 1 ? tf.elu(x) : tf.where(tf.greater(x, 0), x, tf.mul(tf.elu(x), attrs.alpha));
};

/** One slope, or one per channel: axis 1, or the only axis. (tfjs' own prelu repeats the slopes wrongly on WASM.) */
export const prelu: ExecRule<'prelu'> = (inputs, { attrs }, context) => {
  const x = floatAt(inputs, 0);
  const slopes = context.param(attrs.weight);
  const channels = slopes.size === 1 ? 1 : x.shape[x.rank > 1 ? 1 : 0];
  if (channels !== slopes.size)
    throw new Error(`its ${slopes.size} slopes do not fit an input of shape [${x.shape.join(', ')}]`);
  const behind = new Array<number>(Math.max(0, x.rank - 2)).fill(1);
  const slope = tf.reshape(slopes, channels === 1 ? [] : [channels, ...behind]);
  return tf.where(tf.greater(x, 0), x, tf.mul(x, slope));
};

const SQRT_HALF = Math.SQRT1_2;
const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

/** `x Φ(x)`: with the error function, or with `tanh(√(2/π) (x + 0.044715 x³))` in its place. */
export const gelu: ExecRule<'gelu'> = (inputs, { attrs }) => {
  const x = floatAt(inputs, 0);
  const twice =
    attrs.approximate === 'none'
      ? tf.erf(tf.mul(x, SQRT_HALF))
      : tf.tanh(tf.mul(tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715)), SQRT_2_OVER_PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(twice, 1));
};

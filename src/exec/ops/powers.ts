import * as tf from '@tensorflow/tfjs-core';
import { type ExecRule, floatAt, tensorAt, unary } from './execRule';

/* Powers with a constant exponent. */

/** tfjs' WASM backend has no kernel of its own for it. */
export const reciprocal = unary((x) => tf.div(1, x));

/** Beyond it, products are no better than the backend's own power. */
const LARGEST_PRODUCT = 64;

/**
 * `xᵉ`. Whole exponents are products, which hold for negative x on every adapter (WGSL's `pow` is undefined there) and
 * are how PyTorch squares and cubes.
 */
export const pow: ExecRule<'pow'> = (inputs, { attrs: { exponent } }) => {
  const given = tensorAt(inputs, 0);
  // A whole power of whole numbers is one too.
  if (given.dtype === 'int32' && Number.isInteger(exponent) && exponent >= 0 && exponent <= LARGEST_PRODUCT)
    return product(given, exponent);
  const x = floatAt(inputs, 0);
  if (exponent === 0.5) return tf.sqrt(x);
  if (exponent === -0.5) return tf.rsqrt(x);
  if (!Number.isInteger(exponent) || Math.abs(exponent) > LARGEST_PRODUCT) return tf.pow(x, exponent);
  const power = product(x, Math.abs(exponent));
  return exponent < 0 ? tf.div(1, power) : power;
};

/** By squaring: `x⁵ = (x²)² · x`. */
function product(x: tf.Tensor, exponent: number): tf.Tensor {
  if (exponent === 0) return tf.onesLike(x);
  if (exponent === 1) return tf.clone(x);
  const half = product(x, Math.floor(exponent / 2));
  const square = tf.mul(half, half);
  return exponent % 2 === 0 ? square : tf.mul(square, x);
}

/** `aᵇ` of float tensors; of a negative a to a whole b it has b's sign, which WGSL's own power leaves open. */
export function power(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const magnitude = tf.pow(tf.abs(a), b);
  const isWhole = tf.equal(tf.floor(b), b);
  const isOdd = tf.equal(tf.mod(b, 2), tf.onesLike(b));
  const signed = tf.where(isOdd, tf.neg(magnitude), magnitude);
  const ofNegative = tf.where(isWhole, signed, tf.fill(signed.shape, Number.NaN));
  return tf.where(tf.less(a, 0), ofNegative, magnitude);
}

import * as tf from '@tensorflow/tfjs-core';
import { type ExecRule, floatAt, unary } from './execRule';

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

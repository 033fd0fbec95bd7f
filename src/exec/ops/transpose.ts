import * as tf from '@tensorflow/tfjs-core';

/**
 * `order[i]` is the axis of x that becomes axis i, for every element type. tfjs' WebGPU kernel does not compile for
 * whole numbers (its shader writes them as floats): there they go through float32, which is exact up to 2²⁴, as all
 * of its arithmetic on whole numbers is.
 */
export function transpose(x: tf.Tensor, order: readonly number[]): tf.Tensor {
  if (order.every((axis, at) => axis === at)) return tf.clone(x);
  if (x.dtype === 'float32' || tf.getBackend() !== 'webgpu') return tf.transpose(x, [...order]);
  return tf.cast(tf.transpose(tf.cast(x, 'float32'), [...order]), x.dtype);
}

import * as tf from '@tensorflow/tfjs-core';

/* Work along one axis of a tensor of any rank: tfjs' kernels for WebGPU and WASM stop at four or six axes. */

/** Sizes in front of an axis, of it and behind it. */
export function around(x: tf.Tensor, axis: number): readonly [number, number, number] {
  const product = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);
  return [product(x.shape.slice(0, axis)), x.shape[axis] ?? 1, product(x.shape.slice(axis + 1))];
}

/** Truth values as numbers and back, for kernels that know numbers only. */
export function asNumbers(x: tf.Tensor, compute: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  return x.dtype === 'bool' ? tf.cast(compute(tf.cast(x, 'int32')), 'bool') : compute(x);
}

/** Entry `places[i]` of an axis at i; all places lie inside. */
export function takeAlong(x: tf.Tensor, axis: number, places: Int32Array): tf.Tensor {
  const shape = x.shape.with(axis, places.length);
  const [outer, size, inner] = around(x, axis);
  if (shape.includes(0)) return tf.zeros(shape, x.dtype);
  return asNumbers(x, (numbers) => {
    const flat = tf.reshape(numbers, [outer, size, inner]);
    return tf.reshape(tf.gather(flat, tf.tensor1d(places, 'int32'), 1), shape);
  });
}

/** `count` times one after the other along an axis. */
export function repeatAlong(x: tf.Tensor, axis: number, count: number): tf.Tensor {
  const [outer, size, inner] = around(x, axis);
  const shape = x.shape.with(axis, size * count);
  if (shape.includes(0)) return tf.zeros(shape, x.dtype);
  if (count === 1) return tf.clone(x);
  return asNumbers(x, (numbers) =>
    tf.reshape(tf.tile(tf.reshape(numbers, [outer, 1, size * inner]), [1, count, 1]), shape),
  );
}

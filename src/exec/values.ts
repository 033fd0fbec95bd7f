import * as tf from '@tensorflow/tfjs-core';
import type { DType, Tensor } from '../graph/tensor';
import { hasRowProduct, rowProduct } from '../wasm/rowProduct/rowProduct';

/** A tensor of the graph on the device. The caller disposes it. */
export const upload = (tensor: Tensor): tf.Tensor =>
  tf.tensor(tensor.data, [...tensor.shape], tensor.dtype satisfies DType);

/** Another tensor of the same values, which the caller disposes; nothing is copied, as `tf.clone` does on WASM. */
export const alias = (x: tf.Tensor): tf.Tensor => tf.reshape(x, x.shape);

/** Host matrix `[rows, columns]` → `[columns, rows]`, in blocks that stay in the cache. */
export function transposeMatrix(data: Float32Array, rows: number, columns: number): Float32Array {
  const block = 32;
  const out = new Float32Array(data.length);
  for (let r0 = 0; r0 < rows; r0 += block) {
    const r1 = Math.min(rows, r0 + block);
    for (let c = 0; c < columns; c++)
      for (let r = r0; r < r1; r++) out[c * rows + r] = data[r * columns + c] ?? 0;
  }
  return out;
}

/** The tensor itself where it is float32 already: tfjs' WASM would copy it. Inside `tf.tidy`. */
export const asFloat32 = (x: tf.Tensor): tf.Tensor => (x.dtype === 'float32' ? x : tf.cast(x, 'float32'));

const product = (dims: readonly number[]): number => dims.reduce((all, dim) => all * dim, 1);

/**
 * A Linear's weight `[out, in]` as `linear` reads it on the current backend: as it lies where that has a product of rows,
 * else as `[in, out]`, since tfjs' WASM multiplies by a transposed operand eleven times slower. The caller disposes it.
 */
export function uploadLinearWeight(data: Float32Array, rows: number, columns: number): tf.Tensor2D {
  if (hasRowProduct()) return tf.tensor2d(data, [rows, columns]);
  return tf.tensor2d(transposeMatrix(data, rows, columns), [columns, rows]);
}

/** `y = x Wᵀ + b` over the last axis of x of any rank ≥ 1; `weight` is `uploadLinearWeight`'s. */
export function linear(x: tf.Tensor, weight: tf.Tensor2D, bias: tf.Tensor | null, relu: boolean): tf.Tensor {
  const readsRows = hasRowProduct();
  const [outFeatures, inFeatures] = readsRows ? weight.shape : [weight.shape[1], weight.shape[0]];
  const width = x.shape[x.shape.length - 1];
  if (width !== inFeatures)
    throw new Error(`its input [${x.shape.join(', ')}] must end in ${inFeatures} columns`);
  const leading = x.shape.slice(0, -1);
  const outShape = [...leading, outFeatures];
  const rows = product(leading);
  if (rows === 0) return tf.zeros(outShape);
  const flat = tf.reshape<tf.Rank.R2>(asFloat32(x), [rows, inFeatures]);
  if (readsRows) return tf.reshape(rowProduct(flat, weight, bias, relu), outShape);
  const y = tf.fused.matMul({ a: flat, b: weight, ...(bias ? { bias } : {}) });
  // Not fused into the product: the WASM product's own ReLU turns NaN into 0.
  return tf.reshape(relu ? tf.relu(y) : y, outShape);
}

/** NumPy's matmul: leading axes broadcast, a vector counts as one row on the left and one column on the right. */
export function matmul(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  if (a.rank === 0 || b.rank === 0) throw new Error('matmul needs operands of rank 1 or more');
  const left = a.rank === 1 ? tf.expandDims(a, 0) : a;
  const right = b.rank === 1 ? tf.expandDims(b, 1) : b;
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(
    left.shape.slice(0, -2),
    right.shape.slice(0, -2),
  );
  // tfjs repeats whole batches only, so anything but a plain matrix is broadcast first.
  const spread = (x: tf.Tensor): tf.Tensor =>
    x.rank === 2 ? x : tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
  const y = tf.matMul(spread(left), spread(right));
  const rows = a.rank === 1 ? [] : left.shape.slice(-2, -1);
  const columns = b.rank === 1 ? [] : right.shape.slice(-1);
  return tf.reshape(y, [...batch, ...rows, ...columns]);
}

/** Softmax over any axis (tfjs knows the last one only). */
export function softmax(x: tf.Tensor, axis: number): tf.Tensor {
  if (axis === x.rank - 1) return tf.softmax(x);
  const order = swapAxes(x.rank, axis, x.rank - 1);
  return tf.transpose(tf.softmax(tf.transpose(x, order)), order);
}

/** Its logarithm, likewise. */
export function logSoftmaxOver(x: tf.Tensor, axis: number): tf.Tensor {
  const largest = tf.max(x, axis, true);
  const shifted = tf.sub(x, largest);
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), axis, true)));
}

/** The permutation that swaps two axes; it is its own inverse. */
export function swapAxes(rank: number, a: number, b: number): number[] {
  const order = Array.from({ length: rank }, (_, axis) => axis);
  order[a] = b;
  order[b] = a;
  return order;
}

/** Shape with one −1 filled in, also where the tensor is empty. */
export function fillShape(size: number, shape: readonly number[]): number[] {
  const known = product(shape.filter((dim) => dim !== -1));
  return shape.map((dim) => (dim === -1 && known > 0 ? size / known : dim));
}

import * as tf from '@tensorflow/tfjs-core';
import { type ExecContext, type ExecRule, floatAt, tensorAt } from './execRule';

/* Normalization and table look-up: ops with tensors of the model that are no products. */

/** `(x − mean) / √(variance + eps) · weight + bias` over the last axes; the variance is that of all elements (÷ n). */
export const layerNorm: ExecRule<'layer_norm'> = (inputs, { attrs }, context) => {
  const x = floatAt(inputs, 0);
  const { normalizedShape, weight, bias, eps } = attrs;
  const first = x.rank - normalizedShape.length;
  if (first < 0 || normalizedShape.some((dim, i) => x.shape[first + i] !== dim))
    throw new Error(
      `its input [${x.shape.join(', ')}] must end in the normalized shape [${normalizedShape.join(', ')}]`,
    );
  const axes = normalizedShape.map((_, i) => first + i);
  const centred = tf.sub(x, tf.mean(x, axes, true));
  const variance = tf.mean(tf.square(centred), axes, true);
  const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, eps)));
  const scaled = weight ? tf.mul(normal, context.param(weight)) : normal;
  return bias ? tf.add(scaled, context.param(bias)) : scaled;
};

/** Rows of the table. Indices may come as whole float32 numbers, which is how data is read. */
export const embedding: ExecRule<'embedding'> = (inputs, { attrs }, context) => {
  const indices = tf.cast(tensorAt(inputs, 0), 'int32');
  const table = paddedTable(attrs.weight, context);
  const outside = tf.logicalOr(tf.less(indices, 0), tf.greaterEqual(indices, attrs.count));
  const rows = tf.where(outside, tf.fill(indices.shape, attrs.count, 'int32'), indices);
  return tf.gather(table, tf.cast(rows, 'int32'));
};

/**
 * The table with a row of NaN behind it, for indices that lie outside: a GPU cannot throw as PyTorch does, and
 * calibration and comparison report NaN.
 */
const paddedTable = (name: Parameters<ExecContext['param']>[0], context: ExecContext): tf.Tensor =>
  context.derived(name, 'rows and NaN', ({ data, shape }) => {
    const [count = 0, width = 0] = shape;
    const padded = new Float32Array((count + 1) * width).fill(Number.NaN);
    padded.set(data);
    return tf.tensor2d(padded, [count + 1, width]);
  });

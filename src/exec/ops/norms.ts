import * as tf from '@tensorflow/tfjs-core';
import type { ParamName } from '../../graph/ids';
import type { OpAttrs } from '../../graph/op';
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

/** As `layer_norm`, over the channels of each group and all places behind them; weight and bias go by channel (axis 1). */
function groupNormalized(
  x: tf.Tensor,
  groups: number,
  { weight, bias, eps }: Pick<OpAttrs['group_norm'], 'weight' | 'bias' | 'eps'>,
  context: ExecContext,
): tf.Tensor {
  const [batch = 0, channels = 0, ...sizes] = x.shape;
  const flat = tf.reshape(x, [batch, groups, x.size / Math.max(1, batch * groups)]);
  const centred = tf.sub(flat, tf.mean(flat, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const normal = tf.reshape(tf.mul(centred, tf.rsqrt(tf.add(variance, eps))), x.shape);
  const shape = [channels, ...sizes.map(() => 1)];
  const scaled = weight ? tf.mul(normal, tf.reshape(context.param(weight), shape)) : normal;
  return bias ? tf.add(scaled, tf.reshape(context.param(bias), shape)) : scaled;
}

export const groupNorm: ExecRule<'group_norm'> = (inputs, { attrs }, context) => {
  const x = floatAt(inputs, 0);
  const { groups, features } = attrs;
  const channels = x.shape[1] ?? 0;
  if (x.rank < 2 || channels !== (features ?? channels) || channels % groups !== 0)
    throw new Error(
      `its input [${x.shape.join(', ')}] must have ${features ?? `a multiple of ${groups}`} channels on axis 1`,
    );
  return groupNormalized(x, groups, attrs, context);
};

/** One sample without a batch's axis, which PyTorch takes too where the module says the number of channels, is not read. */
export const instanceNorm: ExecRule<'instance_norm'> = (inputs, { attrs }, context) => {
  const x = floatAt(inputs, 0);
  const channels = x.shape[1] ?? 0;
  if (x.rank < 3 || channels !== (attrs.features ?? channels))
    throw new Error(
      `its input [${x.shape.join(', ')}] must be a batch with ${attrs.features ?? 'its'} channels on axis 1 and one axis or more behind`,
    );
  return groupNormalized(x, channels, attrs, context);
};

/**
 * One factor and one summand per channel: `weight / √(variance + eps)` and `bias − mean · factor`, as PyTorch's CPU
 * kernel has it. Channels stand on axis 1.
 */
export const batchNorm: ExecRule<'batch_norm'> = (inputs, { attrs }, context) => {
  const x = floatAt(inputs, 0);
  const { features, mean, variance, weight, bias, eps, relu } = attrs;
  if (x.rank < 2 || x.shape[1] !== features)
    throw new Error(`its input [${x.shape.join(', ')}] must have ${features} channels on axis 1`);
  const shape = [features, ...new Array<number>(x.rank - 2).fill(1)];
  const form = `${weight} ${bias} ${mean} ${eps}`;
  const host = (name: ParamName | null) => (name === null ? null : context.host(name).data);
  const factor = context.derived(variance, `factor ${form}`, ({ data }) => {
    const weights = host(weight);
    return tf.tensor1d(data.map((v, c) => (weights?.[c] ?? 1) / Math.sqrt(v + eps)));
  });
  const summand = context.derived(variance, `summand ${form}`, ({ data }) => {
    const [weights, biases, means] = [host(weight), host(bias), host(mean)];
    return tf.tensor1d(
      data.map((v, c) => (biases?.[c] ?? 0) - ((means?.[c] ?? 0) * (weights?.[c] ?? 1)) / Math.sqrt(v + eps)),
    );
  });
  const y = tf.add(tf.mul(x, tf.reshape(factor, shape)), tf.reshape(summand, shape));
  return relu ? tf.relu(y) : y;
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
const paddedTable = (name: ParamName, context: ExecContext): tf.Tensor =>
  context.derived(name, 'rows and NaN', ({ data, shape }) => {
    const [count = 0, width = 0] = shape;
    const padded = new Float32Array((count + 1) * width).fill(Number.NaN);
    padded.set(data);
    return tf.tensor2d(padded, [count + 1, width]);
  });

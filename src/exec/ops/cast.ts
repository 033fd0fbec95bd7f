import * as tf from '@tensorflow/tfjs-core';
import { CAST_NAMES, castType, type NarrowInteger } from '../../graph/castTypes';
import { type ExecRule, tensorAt } from './execRule';

/** To a narrow integer type: what does not fit wraps around, as in PyTorch. */
export const to: ExecRule<'to'> = (inputs, { attrs }) => {
  const type = castType(attrs.dtype);
  if (!type) throw new Error(`a cast to ${attrs.dtype} is not supported; one of ${CAST_NAMES.join(', ')} is`);
  const x = tensorAt(inputs, 0);
  const cast = x.dtype === type.dtype ? tf.clone(x) : toType(x, type.dtype);
  if (type.digits !== undefined) return rounded(cast, type.digits);
  return type.narrow ? wrapped(cast, type.narrow) : cast;
};

/** tfjs takes NaN for false. */
const toType = (x: tf.Tensor, dtype: 'float32' | 'int32' | 'bool'): tf.Tensor =>
  dtype === 'bool' ? tf.notEqual(x, tf.zerosLike(x)) : tf.cast(x, dtype);

/**
 * The nearest float of fewer digits, by splitting off the last ones (Veltkamp): `c = x (2ˢ + 1); c − (c − x)`. What is
 * so large that c overflows, and what is not finite, stays.
 */
function rounded(x: tf.Tensor, digits: number): tf.Tensor {
  const c = tf.mul(x, 2 ** (24 - digits) + 1);
  const high = tf.sub(c, tf.sub(c, x));
  return tf.where(tf.logicalOr(tf.isNaN(high), tf.isInf(high)), x, high);
}

function wrapped(x: tf.Tensor, { bits, signed }: NarrowInteger): tf.Tensor {
  const size = tf.scalar(2 ** bits, 'int32');
  const low = tf.scalar(signed ? 2 ** (bits - 1) : 0, 'int32');
  return tf.sub(tf.mod(tf.add(x, low), size), low);
}

import * as tf from '@tensorflow/tfjs-core';
import type { ExecRule } from './execRule';
import { plainNumber } from './numericCall';

export const arange: ExecRule<'arange'> = (_, { attrs }) => {
  const [start, end, step] = [plainNumber(attrs.start), plainNumber(attrs.end), plainNumber(attrs.step)];
  if (step === 0) throw new Error('its step is 0');
  const count = Math.max(0, Math.ceil((end - start) / step));
  const values = Float64Array.from({ length: count }, (_, i) => start + i * step);
  return tf.tensor1d(
    attrs.dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values),
    attrs.dtype,
  );
};

export const full: ExecRule<'full'> = (_, { attrs }) => {
  const shape = attrs.shape.map(plainNumber);
  const value = plainNumber(attrs.value);
  return attrs.dtype === 'bool'
    ? tf.cast(tf.fill(shape, Number(value !== 0), 'int32'), 'bool')
    : tf.fill(shape, value, attrs.dtype);
};

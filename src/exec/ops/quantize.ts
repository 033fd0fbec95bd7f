import * as tf from '@tensorflow/tfjs-core';
import type { ValueGrid } from '../../graph/outputGrids';
import { isQuantizedDType, QUANTIZED_RANGE } from '../../quant/spec';
import { axisIn, type ExecRule, floatAt } from './execRule';

/** The integers that a quantized type has; throws for one that the studio does not quantize to. */
function quantizedRange(dtype: string): readonly [number, number] {
  if (isQuantizedDType(dtype)) return QUANTIZED_RANGE[dtype];
  throw new Error(`quantization to ${dtype} is not supported; torch.quint8 and torch.qint8 are`);
}

/**
 * Values moved to the grid of `scale` and `zeroPoint` and back, in float32:
 * `(clamp(round(x · fround(1 / scale)) + zeroPoint, low, high) − zeroPoint) · scale`, halves rounded to even
 * (torch/aten quantize_per_tensor; the zero point is taken into the bounds, which gives the same integers).
 */
function fakeQuantize(
  x: tf.Tensor,
  scale: number,
  zeroPoint: number,
  [low, high]: readonly [number, number],
  mend: (levels: tf.Tensor) => tf.Tensor = (levels) => levels,
): tf.Tensor {
  const inverse = Math.fround(1 / Math.fround(scale));
  const grid = tf.round(mend(tf.mul(x, tf.scalar(inverse))));
  return tf.mul(tf.clipByValue(grid, low - zeroPoint, high - zeroPoint), tf.scalar(Math.fround(scale)));
}

export const quantizePerTensor: ExecRule<'quantize_per_tensor'> = (inputs, { operands, attrs }, context) =>
  fakeQuantize(
    floatAt(inputs, 0),
    context.constant(operands[1]),
    context.constant(operands[2]),
    quantizedRange(attrs.dtype),
  );

/** As `quantizePerTensor`, with a scale and a zero point for each slice along an axis. */
export const quantizePerChannel: ExecRule<'quantize_per_channel'> = (
  inputs,
  { operands, attrs },
  context,
) => {
  const x = floatAt(inputs, 0);
  const axis = axisIn(x, attrs.axis);
  const [low, high] = quantizedRange(attrs.dtype);
  const channels = x.shape[axis] ?? 0;
  const lay = (values: Float32Array): tf.Tensor => {
    if (values.length !== channels)
      throw new Error(`it has ${values.length} scales or zero points for ${channels} slices along ${axis}`);
    return tf.tensor(
      values,
      x.shape.map((_, i) => (i === axis ? channels : 1)),
    );
  };
  const scales = context.constants(operands[1]);
  const zeroPoints = context.constants(operands[2]);
  const grid = tf.round(tf.mul(x, lay(scales.map((scale) => 1 / scale))));
  const bounded = tf.minimum(
    tf.maximum(grid, lay(zeroPoints.map((zero) => low - zero))),
    lay(zeroPoints.map((zero) => high - zero)),
  );
  return tf.mul(bounded, lay(scales));
};

/** A lowered op's value, rounded to its output's grid. */
export const toGrid = (x: tf.Tensor, { scale, zeroPoint, dtype }: ValueGrid): tf.Tensor =>
  fakeQuantize(tf.cast(x, 'float32'), scale, zeroPoint, quantizedRange(dtype));

/** How far from a half, in steps of the grid, an average counts as one: sums in float32 come no closer. */
const HALF_TOLERANCE = 2 ** -11;

/** Levels that are a half but for rounding errors, as that half. */
function exactHalves(levels: tf.Tensor): tf.Tensor {
  const doubled = tf.mul(levels, tf.scalar(2));
  const halves = tf.round(doubled);
  const isHalf = tf.less(tf.abs(tf.sub(doubled, halves)), tf.scalar(2 * HALF_TOLERANCE));
  return tf.where(isHalf, tf.mul(halves, tf.scalar(0.5)), levels);
}

/**
 * An average of values on a grid, rounded to the same grid. Of an even number of levels it is often exactly between
 * two (one window of 2 × 2 in four), and which of them it becomes would be the noise of float32 sums: another order of
 * adding, another backend or runtime would round otherwise. The half goes to the even level, as of the integers' average.
 */
export const averageToGrid = (x: tf.Tensor, { scale, zeroPoint, dtype }: ValueGrid): tf.Tensor =>
  fakeQuantize(tf.cast(x, 'float32'), scale, zeroPoint, quantizedRange(dtype), exactHalves);

import * as tf from '@tensorflow/tfjs-core';
import type {
  BinaryFunction,
  ParametricAttrs,
  ParametricFunction,
  PlainFunction,
} from '../../graph/elementwise';
import { clamp } from './activations';
import { type ExecRule, floatAt, numberLike, tensorAt, type UniformRule } from './execRule';
import { power } from './powers';

/* Functions element by element, with PyTorch's treatment of NaN: it passes through. */

type Compute = (x: tf.Tensor) => tf.Tensor;

const float =
  (compute: Compute): Compute =>
  (x) =>
    compute(tf.cast(x, 'float32'));

/** What whole numbers are already. */
const unlessWhole =
  (compute: Compute): Compute =>
  (x) =>
    x.dtype === 'float32' ? compute(x) : tf.clone(x);

/** Beyond it `1 + eˣ` is eˣ to float32. */
const SOFTPLUS_LINEAR = 20;

/** `log(1 + eˣ)`: tfjs' own differs between backends. */
const softplus: Compute = (x) => tf.add(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));

const hardsigmoid: Compute = (x) => tf.div(clamp(tf.add(x, 3), 0, 6), 6);

/** The constants of self-normalizing networks (Klambauer et al., 2017), as PyTorch has them. */
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

const bent = (x: tf.Tensor, alpha: number): tf.Tensor =>
  tf.where(tf.greater(x, 0), x, tf.mul(tf.expm1(tf.minimum(x, 0)), alpha));

const PLAIN: { readonly [F in PlainFunction]: Compute } = {
  abs: tf.abs,
  neg: tf.neg,
  sign: tf.sign,
  floor: unlessWhole(tf.floor),
  ceil: unlessWhole(tf.ceil),
  round: unlessWhole(tf.round),
  trunc: unlessWhole((x) => tf.mul(tf.sign(x), tf.floor(tf.abs(x)))),
  exp: float(tf.exp),
  expm1: float(tf.expm1),
  log: float(tf.log),
  log1p: float(tf.log1p),
  sin: float(tf.sin),
  cos: float(tf.cos),
  tan: float(tf.tan),
  asin: float(tf.asin),
  acos: float(tf.acos),
  atan: float(tf.atan),
  sinh: float(tf.sinh),
  cosh: float(tf.cosh),
  asinh: float(tf.asinh),
  acosh: float(tf.acosh),
  atanh: float(tf.atanh),
  softsign: float((x) => tf.div(x, tf.add(tf.abs(x), 1))),
  logsigmoid: float((x) => tf.neg(softplus(tf.neg(x)))),
  hardsigmoid: float(hardsigmoid),
  hardswish: float((x) => tf.mul(x, hardsigmoid(x))),
  selu: float((x) => tf.mul(bent(x, SELU_ALPHA), SELU_SCALE)),
  mish: float((x) => tf.mul(x, tf.tanh(softplus(x)))),
  isnan: (x) => (x.dtype === 'float32' ? tf.isNaN(x) : tf.zeros(x.shape, 'bool')),
  isinf: (x) => (x.dtype === 'float32' ? tf.isInf(x) : tf.zeros(x.shape, 'bool')),
  logical_not: (x) => tf.logicalNot(truth(x)),
  bitwise_not: (x) => (x.dtype === 'bool' ? tf.logicalNot(x) : tf.sub(tf.neg(x), one(x))),
};

const one = (x: tf.Tensor): tf.Tensor => tf.scalar(1, x.dtype === 'int32' ? 'int32' : 'float32');

/** Whatever is not 0 is true. */
const truth = (x: tf.Tensor): tf.Tensor => (x.dtype === 'bool' ? x : tf.notEqual(x, tf.zerosLike(x)));

const PARAMETRIC: {
  readonly [F in ParametricFunction]: (x: tf.Tensor, attrs: ParametricAttrs<F>) => tf.Tensor;
} = {
  softplus: (x, { beta, threshold }) => {
    const scaled = tf.mul(x, beta);
    const y = tf.div(softplus(scaled), beta);
    return threshold >= SOFTPLUS_LINEAR ? y : tf.where(tf.greater(scaled, threshold), x, y);
  },
  celu: (x, { alpha }) =>
    tf.where(tf.greater(x, 0), x, tf.mul(tf.expm1(tf.div(tf.minimum(x, 0), alpha)), alpha)),
  threshold: (x, { threshold, value }) => tf.where(tf.lessEqual(x, threshold), tf.fill(x.shape, value), x),
};

const isParametric = (attrs: { readonly fn: string }): attrs is ParametricAttrs => attrs.fn in PARAMETRIC;

const parametric = <F extends ParametricFunction>(
  fn: F,
  x: tf.Tensor,
  attrs: ParametricAttrs<F>,
): tf.Tensor => PARAMETRIC[fn](x, attrs);

export const unary: ExecRule<'unary'> = (inputs, { attrs }) =>
  isParametric(attrs)
    ? parametric(attrs.fn, floatAt(inputs, 0), attrs)
    : PLAIN[attrs.fn](tensorAt(inputs, 0));

type Pair = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Both as 0 or 1. */
const logic =
  (compute: Pair): Pair =>
  (a, b) =>
    compute(truth(a), truth(b));

const bits =
  (compute: Pair): Pair =>
  (a, b) => {
    if (a.dtype !== 'bool' || b.dtype !== 'bool')
      throw new Error(`it combines the bits of ${a.dtype} and ${b.dtype}; bool alone is supported`);
    return compute(a, b);
  };

const xor: Pair = (a, b) => tf.notEqual(tf.cast(a, 'int32'), tf.cast(b, 'int32'));

const bothWhole = (a: tf.Tensor, b: tf.Tensor): boolean => a.dtype !== 'float32' && b.dtype !== 'float32';

/** Towards zero. */
const truncated: Pair = (a, b) => {
  if (bothWhole(a, b)) return tf.mul(tf.mul(tf.sign(a), tf.sign(b)), tf.floorDiv(tf.abs(a), tf.abs(b)));
  return PLAIN.trunc(tf.div(tf.cast(a, 'float32'), tf.cast(b, 'float32')));
};

/** `a − b · trunc(a / b)` loses the last digits; the rest of the magnitudes does not. */
const fmod: Pair = (a, b) => {
  const rest = tf.mod(tf.abs(a), tf.abs(b));
  return tf.where(tf.less(a, tf.zerosLike(a)), tf.neg(rest), rest);
};

/** Bits of an int32 without its sign. */
const EXPONENT_BITS = 31;

/** Whole numbers by repeated squaring over the bits of the exponent. With a negative one, only ±1 keep anything. */
function wholePower(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [one, two] = [tf.scalar(1, 'int32'), tf.scalar(2, 'int32')];
  let result: tf.Tensor = tf.onesLike(tf.mul(a, b));
  let square = a;
  let left: tf.Tensor = tf.abs(b);
  for (let bit = 0; bit < EXPONENT_BITS; bit++) {
    result = tf.where(tf.equal(tf.mod(left, two), one), tf.mul(result, square), result);
    square = tf.mul(square, square);
    left = tf.floorDiv(left, two);
  }
  const vanishes = tf.logicalAnd(tf.less(b, tf.scalar(0, 'int32')), tf.notEqual(tf.abs(a), one));
  return tf.where(vanishes, tf.zerosLike(result), result);
}

const floatPower: Pair = (a, b) => power(tf.cast(a, 'float32'), tf.cast(b, 'float32'));

/** Whichever of two is NaN: WASM's own loses the second one's. */
const withNaN =
  (compute: Pair): Pair =>
  (a, b) => {
    const y = compute(a, b);
    return y.dtype === 'float32' ? tf.where(tf.logicalOr(tf.isNaN(a), tf.isNaN(b)), tf.add(a, b), y) : y;
  };

/** As PyTorch rounds down: what the rest leaves is divided, which is exact; infinity has no rest. */
const floored: Pair = (a, b) =>
  tf.where(tf.equal(b, 0), tf.div(a, b), tf.round(tf.div(tf.sub(a, tf.mod(a, b)), b)));

const BINARY: { readonly [F in BinaryFunction]: Pair } = {
  minimum: withNaN(tf.minimum),
  maximum: withNaN(tf.maximum),
  pow: (a, b) => (bothWhole(a, b) ? wholePower(a, b) : floatPower(a, b)),
  eq: tf.equal,
  ne: tf.notEqual,
  lt: tf.less,
  le: tf.lessEqual,
  gt: tf.greater,
  ge: tf.greaterEqual,
  logical_and: logic(tf.logicalAnd),
  logical_or: logic(tf.logicalOr),
  logical_xor: logic(xor),
  bitwise_and: bits(tf.logicalAnd),
  bitwise_or: bits(tf.logicalOr),
  bitwise_xor: bits(xor),
  fmod,
  remainder: tf.mod,
  floor_divide: (a, b) =>
    bothWhole(a, b) ? tf.floorDiv(a, b) : floored(tf.cast(a, 'float32'), tf.cast(b, 'float32')),
  trunc_divide: truncated,
};

/** Two operands of one type, as PyTorch promotes them. */
function promoted(inputs: readonly [tf.Tensor, tf.Tensor]): readonly [tf.Tensor, tf.Tensor] {
  const [a, b] = inputs;
  if (a.dtype === b.dtype) return inputs;
  const dtype = a.dtype === 'float32' || b.dtype === 'float32' ? 'float32' : 'int32';
  return [tf.cast(a, dtype), tf.cast(b, dtype)];
}

function operandPair(inputs: readonly (tf.Tensor | number)[], first = 0): readonly [tf.Tensor, tf.Tensor] {
  const [a, b] = inputs.slice(first);
  if (a === undefined || b === undefined) throw new Error('it needs two operands');
  return promoted([numberLike(a, b), numberLike(b, a)]);
}

export const binary: ExecRule<'binary'> = (inputs, { attrs }) => {
  const [a, b] = operandPair(inputs);
  return BINARY[attrs.fn](a, b);
};

export const where: UniformRule = (inputs) => {
  const [a, b] = operandPair(inputs, 1);
  return tf.where(truth(tensorAt(inputs, 0)), a, b);
};

import * as tf from '@tensorflow/tfjs-core';
import type { OpCall } from '../graph/op';
import { elu, gelu, hardtanh, prelu, relu6, silu } from './ops/activations';
import { cat, getitem, mean, permute, squeeze, unsqueeze } from './ops/axes';
import { to } from './ops/cast';
import { conv } from './ops/conv';
import { convTranspose } from './ops/convTranspose';
import { arange, full } from './ops/create';
import { einsum } from './ops/einsum';
import { binary as elementwiseBinary, unary as elementwiseUnary, where } from './ops/elementwise';
import {
  axisIn,
  type ComputeOp,
  type ExecContext,
  type ExecRule,
  floatAt,
  numberLike,
  tensorAt,
  type UniformRule,
  unary,
  type Value,
} from './ops/execRule';
import { gather, indexSelect, topk } from './ops/indexing';
import { expand, flip, pixelShuffle, pixelUnshuffle, repeat, roll, split, stack, trilu } from './ops/moves';
import { batchNorm, embedding, groupNorm, instanceNorm, layerNorm } from './ops/norms';
import { pad } from './ops/pad';
import { adaptiveAvgPool, adaptiveMaxPool, avgPool, maxPool } from './ops/pools';
import { pow, reciprocal } from './ops/powers';
import { quantizePerChannel, quantizePerTensor } from './ops/quantize';
import { argReduce, cumsum, logSoftmax, oneHot, reduce } from './ops/reductions';
import { interpolate } from './ops/resize';
import { transpose } from './ops/transpose';
import { alias, fillShape, linear, matmul, softmax, swapAxes } from './values';

const passOn: UniformRule = (inputs) => alias(tensorAt(inputs, 0));

const binary =
  (compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): UniformRule =>
  ([a, b]) => {
    if (a === undefined || b === undefined) throw new Error('it needs two operands');
    return compute(numberLike(a, b), numberLike(b, a));
  };

const add = binary(tf.add);
const mul = binary(tf.mul);
const withRelu = (y: tf.Tensor, relu: boolean | undefined): tf.Tensor => (relu ? tf.relu(y) : y);

const linearRule: ExecRule<'linear'> = (inputs, { attrs }, context) =>
  linear(
    tensorAt(inputs, 0),
    context.weight(attrs.weight, attrs.weightGrid),
    attrs.bias ? context.param(attrs.bias) : null,
    attrs.relu,
  );

const flatten: ExecRule<'flatten'> = (inputs, { attrs }) => {
  const x = tensorAt(inputs, 0);
  if (x.rank === 0) return tf.reshape(x, [1]);
  const start = axisIn(x, attrs.startDim);
  const end = axisIn(x, attrs.endDim);
  const middle = x.shape.slice(start, end + 1).reduce((size, dim) => size * dim, 1);
  return tf.reshape(x, [...x.shape.slice(0, start), middle, ...x.shape.slice(end + 1)]);
};

const RULES: { readonly [O in ComputeOp]: ExecRule<O> } = {
  linear: linearRule,
  conv,
  conv_transpose: convTranspose,
  batch_norm: batchNorm,
  max_pool: maxPool,
  avg_pool: avgPool,
  adaptive_avg_pool: adaptiveAvgPool,
  adaptive_max_pool: adaptiveMaxPool,
  relu: unary(tf.relu),
  leaky_relu: (inputs, { attrs }) => tf.leakyRelu(floatAt(inputs, 0), attrs.negativeSlope),
  relu6,
  prelu,
  elu,
  silu,
  gelu,
  hardtanh,
  pow,
  sqrt: unary(tf.sqrt),
  rsqrt: unary(tf.rsqrt),
  reciprocal,
  erf: unary(tf.erf),
  sigmoid: unary(tf.sigmoid),
  tanh: unary(tf.tanh),
  softmax: (inputs, { attrs }) => {
    const x = floatAt(inputs, 0);
    return softmax(x, axisIn(x, attrs.dim));
  },
  log_softmax: logSoftmax,
  unary: elementwiseUnary,
  binary: elementwiseBinary,
  where,
  reduce,
  arg_reduce: argReduce,
  cumsum,
  one_hot: oneHot,
  flatten,
  reshape: (inputs, { attrs }) => {
    const x = tensorAt(inputs, 0);
    return tf.reshape(
      x,
      fillShape(
        x.size,
        attrs.shape.filter((dim) => typeof dim === 'number'),
      ),
    );
  },
  transpose: (inputs, { attrs }) => {
    const x = tensorAt(inputs, 0);
    return transpose(x, swapAxes(x.rank, axisIn(x, attrs.dim0), axisIn(x, attrs.dim1)));
  },
  permute,
  cat,
  mean,
  squeeze,
  unsqueeze,
  getitem,
  split,
  expand,
  repeat,
  stack,
  gather,
  index_select: indexSelect,
  flip,
  roll,
  pad,
  trilu,
  pixel_shuffle: pixelShuffle,
  pixel_unshuffle: pixelUnshuffle,
  interpolate,
  einsum,
  topk,
  arange,
  full,
  layer_norm: layerNorm,
  group_norm: groupNorm,
  instance_norm: instanceNorm,
  embedding,
  add: (inputs, { attrs }) => withRelu(add(inputs), attrs.relu),
  sub: binary(tf.sub),
  mul: (inputs, { attrs }) => withRelu(mul(inputs), attrs.relu),
  // True division: tfjs would divide two integer tensors as integers.
  div: binary((a, b) => tf.div(tf.cast(a, 'float32'), tf.cast(b, 'float32'))),
  matmul: (inputs) => matmul(floatAt(inputs, 0), floatAt(inputs, 1)),
  identity: passOn,
  dropout: passOn,
  observer: passOn,
  equalization_observer: passOn,
  to,
  quantize_per_tensor: quantizePerTensor,
  quantize_per_channel: quantizePerChannel,
  dequantize: passOn,
};

/** Computes one call with its op's rule. */
export const computeOp = <O extends ComputeOp>(
  op: O,
  inputs: readonly Value[],
  call: OpCall<O>,
  context: ExecContext,
): tf.Tensor => RULES[op](inputs, call, context);

import type { OpCall, OpName } from '../../graph/op';
import { addition, homogeneous, matmul, pool, product, quotient } from './arithmeticRules';
import { cat, getitem, mean, permute, reshape, squeeze, transpose, unsqueeze } from './axisRules';
import { BARRIER, type ChannelOrigin, type OriginContext, type OriginRule } from './channelOrigin';
import { cumsum, extremum, reduce, unary } from './elementwiseRules';
import {
  einsum,
  expand,
  flip,
  indexSelect,
  interpolate,
  pad,
  pixelShuffle,
  pixelUnshuffle,
  roll,
  split,
  stack,
  topk,
} from './moveRules';
import { channelNorm, embedding, layer, layerNorm, transposedLayer } from './producerRules';

const barrier: OriginRule = () => BARRIER;

/** For every op, how a factor for each channel of its output comes about. */
const ORIGINS: { readonly [O in OpName]: OriginRule<OpCall<O>> } = {
  placeholder: barrier,
  output: barrier,
  get_attr: barrier,
  linear: layer,
  conv: layer,
  conv_transpose: transposedLayer,
  batch_norm: channelNorm,
  layer_norm: layerNorm,
  group_norm: channelNorm,
  instance_norm: channelNorm,
  embedding,
  max_pool: pool,
  avg_pool: pool,
  adaptive_avg_pool: pool,
  adaptive_max_pool: pool,
  relu: homogeneous,
  leaky_relu: homogeneous,
  prelu: homogeneous,
  identity: homogeneous,
  dropout: homogeneous,
  observer: homogeneous,
  equalization_observer: homogeneous,
  // Bounds, curves and sums over channels: `f(s · x) ≠ s · f(x)`.
  relu6: barrier,
  hardtanh: barrier,
  elu: barrier,
  silu: barrier,
  gelu: barrier,
  pow: barrier,
  sqrt: barrier,
  rsqrt: barrier,
  reciprocal: barrier,
  erf: barrier,
  sigmoid: barrier,
  tanh: barrier,
  softmax: barrier,
  log_softmax: barrier,
  unary,
  binary: extremum,
  where: barrier,
  reduce,
  arg_reduce: barrier,
  cumsum,
  one_hot: barrier,
  to: barrier,
  // Numbers, which no factor touches.
  size: barrier,
  quantize_per_tensor: barrier,
  quantize_per_channel: barrier,
  dequantize: barrier,
  flatten: reshape,
  reshape,
  transpose,
  permute,
  cat,
  mean,
  squeeze,
  unsqueeze,
  getitem,
  // Its parts are ops of the value that is cut.
  tuple: barrier,
  split,
  stack,
  expand,
  repeat: barrier,
  gather: barrier,
  index_select: indexSelect,
  flip,
  roll,
  pad,
  trilu: homogeneous,
  pixel_shuffle: pixelShuffle,
  pixel_unshuffle: pixelUnshuffle,
  interpolate,
  einsum,
  topk,
  arange: barrier,
  full: barrier,
  add: addition,
  sub: addition,
  mul: product,
  div: quotient,
  matmul,
};

/** Where the factors of a call's output along an axis (from the end) come from. */
export const originOf = (call: OpCall, axis: number, context: OriginContext): ChannelOrigin =>
  applyRule(call.op, call, axis, context);

/** The typed call into the table. */
const applyRule = <O extends OpName>(
  op: O,
  call: OpCall<O>,
  axis: number,
  context: OriginContext,
): ChannelOrigin => ORIGINS[op](call, axis, context);

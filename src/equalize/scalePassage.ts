import type { OpCall, OpName } from '../graph/op';
import { axisOf } from '../graph/shape';

/**
 * What an op does to a positive factor per channel of its first operand, `op(s · x) = s · op(x)`:
 * - `elementwise`: it passes, whatever axis the channels lie along;
 * - `windows`: it passes unless the channels lie along one of the last `dims` axes, over which the op looks;
 * - `reorder`: it passes and moves with its axis (`order[i]` is the operand's axis that becomes axis i);
 * - `unknown-rank`: it would pass, but the number of axes, and with it which ones change places, is not known;
 * - `barrier`: it does not pass.
 */
export type ScalePassage =
  | { readonly kind: 'elementwise' }
  | { readonly kind: 'windows'; readonly dims: number }
  | { readonly kind: 'reorder'; readonly order: readonly number[] }
  | { readonly kind: 'unknown-rank' }
  | { readonly kind: 'barrier' };

/** `rank`: the number of axes of the first operand, null where it is not known. */
type PassageRule<O extends OpName> = (call: OpCall<O>, rank: number | null) => ScalePassage;

const BARRIER: ScalePassage = { kind: 'barrier' };
const elementwise = (): ScalePassage => ({ kind: 'elementwise' });
const barrier = (): ScalePassage => BARRIER;
type WindowOp = 'max_pool' | 'avg_pool' | 'adaptive_avg_pool' | 'adaptive_max_pool';
const windows = ({ attrs }: OpCall<WindowOp>): ScalePassage => ({
  kind: 'windows',
  dims: attrs.dims,
});

const permute: PassageRule<'permute'> = ({ attrs }) => reorder(attrs.order, attrs.order.length);

const transpose: PassageRule<'transpose'> = ({ attrs: { dim0, dim1 } }, rank) => {
  // Axes counted from the end change places in a tensor of any rank.
  const size = rank ?? (dim0 < 0 && dim1 < 0 ? Math.max(-dim0, -dim1) : null);
  if (size === null) return { kind: 'unknown-rank' };
  const [a, b] = [axisOf(dim0, size), axisOf(dim1, size)];
  if (a === null || b === null) return BARRIER;
  return reorder(
    Array.from({ length: size }, (_, axis) => (axis === a ? b : axis === b ? a : axis)),
    size,
  );
};

function reorder(dims: readonly number[], rank: number): ScalePassage {
  const order = dims.map((dim) => axisOf(dim, rank)).filter((axis) => axis !== null);
  return new Set(order).size === rank ? { kind: 'reorder', order } : BARRIER;
}

/** `|s · x| = s · |x|`, `−(s · x) = s · (−x)`. */
const unary: PassageRule<'unary'> = ({ attrs: { fn } }) =>
  fn === 'abs' || fn === 'neg' ? { kind: 'elementwise' } : BARRIER;

const PASSAGES: { readonly [O in OpName]: PassageRule<O> } = {
  relu: elementwise,
  leaky_relu: elementwise,
  // Each value is multiplied by 1 or by a slope: whatever axis the slopes lie along, a factor stays what it was.
  prelu: elementwise,
  identity: elementwise,
  dropout: elementwise,
  observer: elementwise,
  equalization_observer: elementwise,
  // The padding is 0 or −∞, which a positive factor leaves as it is.
  max_pool: windows,
  avg_pool: windows,
  adaptive_avg_pool: windows,
  adaptive_max_pool: windows,
  permute,
  transpose,
  placeholder: barrier,
  output: barrier,
  get_attr: barrier,
  linear: barrier,
  conv: barrier,
  conv_transpose: barrier,
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
  binary: barrier,
  where: barrier,
  reduce: barrier,
  arg_reduce: barrier,
  cumsum: barrier,
  one_hot: barrier,
  flatten: barrier,
  reshape: barrier,
  add: barrier,
  sub: barrier,
  mul: barrier,
  div: barrier,
  matmul: barrier,
  batch_norm: barrier,
  relu6: barrier,
  elu: barrier,
  silu: barrier,
  gelu: barrier,
  hardtanh: barrier,
  cat: barrier,
  mean: barrier,
  squeeze: barrier,
  unsqueeze: barrier,
  getitem: barrier,
  tuple: barrier,
  split: barrier,
  expand: barrier,
  repeat: barrier,
  stack: barrier,
  gather: barrier,
  index_select: barrier,
  flip: barrier,
  roll: barrier,
  pad: barrier,
  trilu: barrier,
  pixel_shuffle: barrier,
  pixel_unshuffle: barrier,
  interpolate: barrier,
  einsum: barrier,
  topk: barrier,
  arange: barrier,
  full: barrier,
  size: barrier,
  layer_norm: barrier,
  group_norm: barrier,
  instance_norm: barrier,
  embedding: barrier,
  to: barrier,
  quantize_per_tensor: barrier,
  dequantize: barrier,
  quantize_per_channel: barrier,
};

/** The typed call into the table: one op's rule for one op's call. */
const applyRule = <O extends OpName>(op: O, call: OpCall<O>, rank: number | null): ScalePassage =>
  PASSAGES[op](call, rank);

/** How the op treats a scale of its first operand. */
export const scalePassage = (call: OpCall, rank: number | null): ScalePassage =>
  applyRule(call.op, call, rank);

/** Where channels that lie along `axis` of the result lie in the operand; null where no scale passes. Axes count from the end. */
export function axisBefore(passage: ScalePassage, axis: number): number | null {
  if (passage.kind !== 'reorder') return keptAxis(passage, axis);
  const { order } = passage;
  const from = order[order.length + axis];
  // Axes in front of those that are known to move stay.
  return from === undefined ? axis : from - order.length;
}

/** Where channels that lie along `axis` of the operand lie in the result; null where no scale passes. */
export function axisBehind(passage: ScalePassage, axis: number): number | null {
  if (passage.kind !== 'reorder') return keptAxis(passage, axis);
  const { order } = passage;
  const to = order.indexOf(order.length + axis);
  return to < 0 ? axis : to - order.length;
}

function keptAxis(passage: ScalePassage, axis: number): number | null {
  if (passage.kind === 'elementwise') return axis;
  return passage.kind === 'windows' && axis < -passage.dims ? axis : null;
}

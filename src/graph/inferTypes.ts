import { castType } from './castTypes';
import { givesBool, unaryType } from './elementwise';
import { GraphIndex } from './graph';
import type { NodeName } from './ids';
import type { Model } from './model';
import type { OpCall, Operand, OpName } from './op';
import { resolveNode } from './resolve';
import type { DType } from './tensor';

/** `inputs`: the types of the operands. */
type TypeRule<O extends OpName> = (inputs: readonly DType[], call: OpCall<O>, model: Model) => DType;
type UniformRule = (inputs: readonly DType[]) => DType;

const float: UniformRule = () => 'float32';
const same: UniformRule = ([x]) => x ?? 'float32';

const RANK: { readonly [T in DType]: number } = { bool: 0, int32: 1, float32: 2 };

/** The type that operands of several types are computed in, as PyTorch promotes them. */
export const promotedType: UniformRule = (inputs) =>
  inputs.reduce((a, b) => (RANK[b] > RANK[a] ? b : a), inputs[0] ?? 'float32');

/** Bools are counted. */
const counted = (type: DType): DType => (type === 'bool' ? 'int32' : type);
const arithmetic: UniformRule = (inputs) => counted(promotedType(inputs));

const pow: TypeRule<'pow'> = ([x = 'float32'], { attrs: { exponent } }) =>
  x !== 'float32' && Number.isInteger(exponent) && exponent >= 0 ? 'int32' : 'float32';

const hardtanh: TypeRule<'hardtanh'> = ([x = 'float32'], { attrs: { min, max } }) =>
  [min, max].every((bound) => Number.isInteger(bound) || !Number.isFinite(bound)) ? x : 'float32';

/** What each op gives, where its operands are of the types given. */
const TYPES: { readonly [O in OpName]: TypeRule<O> } = {
  placeholder: float,
  output: float,
  get_attr: (_, { attrs }, model) => model.params[attrs.param]?.dtype ?? 'float32',
  linear: float,
  conv: float,
  conv_transpose: float,
  batch_norm: float,
  max_pool: same,
  avg_pool: float,
  adaptive_avg_pool: float,
  adaptive_max_pool: same,
  relu: float,
  relu6: float,
  leaky_relu: float,
  prelu: float,
  elu: float,
  silu: float,
  gelu: float,
  hardtanh,
  pow,
  sqrt: float,
  rsqrt: float,
  reciprocal: float,
  erf: float,
  sigmoid: float,
  tanh: float,
  softmax: float,
  log_softmax: float,
  unary: ([x = 'float32'], { attrs: { fn } }) => {
    const type = unaryType(fn);
    return type === 'same' ? x : type;
  },
  binary: (inputs, { attrs: { fn } }) => (givesBool(fn) ? 'bool' : promotedType(inputs)),
  where: ([, ...values]) => promotedType(values),
  reduce: ([x = 'float32'], { attrs: { fn } }) => {
    if (fn === 'logsumexp') return 'float32';
    if (fn === 'amax' || fn === 'amin') return x;
    return givesBool(fn) ? 'bool' : counted(x);
  },
  arg_reduce: () => 'int32',
  cumsum: ([x = 'float32']) => counted(x),
  one_hot: () => 'int32',
  flatten: same,
  reshape: same,
  // A number, no tensor.
  size: () => 'int32',
  transpose: same,
  permute: same,
  cat: promotedType,
  mean: float,
  squeeze: same,
  unsqueeze: same,
  getitem: same,
  // Several tensors: each part is an op of its own.
  tuple: float,
  split: same,
  expand: same,
  repeat: same,
  stack: promotedType,
  gather: same,
  index_select: same,
  flip: same,
  roll: same,
  pad: same,
  trilu: same,
  pixel_shuffle: same,
  pixel_unshuffle: same,
  interpolate: float,
  einsum: float,
  topk: ([x = 'float32'], { attrs }) => (attrs.output === 'indices' ? 'int32' : x),
  arange: (_, { attrs }) => attrs.dtype,
  full: (_, { attrs }) => attrs.dtype,
  group_norm: float,
  instance_norm: float,
  layer_norm: float,
  embedding: float,
  add: arithmetic,
  sub: arithmetic,
  mul: promotedType,
  div: float,
  matmul: float,
  identity: same,
  dropout: same,
  to: (_, { attrs }) => castType(attrs.dtype)?.dtype ?? 'float32',
  observer: same,
  equalization_observer: same,
  quantize_per_tensor: float,
  quantize_per_channel: float,
  dequantize: float,
};

/** The typed call into the table: one op's rule for one op's call. */
const applyRule = <O extends OpName>(op: O, inputs: readonly DType[], call: OpCall<O>, model: Model): DType =>
  TYPES[op](inputs, call, model);

/** A number counts as whole where it is, a size always. */
export function operandType(operand: Operand, types: ReadonlyMap<NodeName, DType>): DType {
  if (operand.kind === 'node' || operand.kind === 'shape') return types.get(operand.node) ?? 'float32';
  return operand.kind === 'size' || Number.isInteger(operand.value) ? 'int32' : 'float32';
}

/** The element types of all values, from those of the inputs on. */
export function inferTypes(
  model: Model,
  index: GraphIndex = new GraphIndex(model.graph),
): ReadonlyMap<NodeName, DType> {
  const types = new Map<NodeName, DType>();
  for (const node of model.graph.nodes) {
    const call = resolveNode(model, index, node);
    const inputs = call?.operands.map((operand) => operandType(operand, types)) ?? [];
    if (node.op === 'placeholder') types.set(node.name, model.inputTypes?.[node.name] ?? 'float32');
    else types.set(node.name, call ? applyRule(call.op, inputs, call, model) : 'float32');
  }
  return types;
}

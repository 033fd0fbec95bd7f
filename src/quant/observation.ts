import type { Node } from '../graph/node';
import type { OpCall, OpName } from '../graph/op';

/**
 * How `prepare_fx` treats an op (PyTorch 1.13.1, `get_native_backend_config`, seen on the real thing):
 * - `observed`: inputs and output get observers of their own;
 * - `shared`: the output shares the observer object of the input, since the op only moves or keeps values;
 * - `fixed01`, `fixed11`: the output's range is known (0…1, −1…1), a FixedQParamsObserver;
 * - `float`: the op stays in float; nothing is observed for its sake;
 * - `unsupported`: the same, but PyTorch takes its output for quantized, so that readers do not observe it either. Exact
 *   semantics treats it as `float`.
 */
export type Observation = 'observed' | 'shared' | 'fixed01' | 'fixed11' | 'float' | 'unsupported';

/** Whether an op's output is observed for its own sake. */
export const isObserved = (observation: Observation): boolean =>
  observation !== 'float' && observation !== 'unsupported';

type Rule = Observation | ((call: OpCall, node: Node) => Observation);

/** Of an op's spellings, the backend's list may have only some; the others stay in float. */
const isMethod = (node: Node): boolean => node.op === 'call_method';
const unless =
  (target: string, otherwise: Observation): Rule =>
  (_, node) =>
    node.op === 'call_function' && node.target === target ? 'float' : otherwise;
const only =
  (target: string, then: Observation): Rule =>
  (_, node) =>
    node.op === 'call_function' && node.target === target ? then : 'float';

/** Methods of these names alone. */
const methods =
  (...names: readonly string[]): Rule =>
  (_, node) =>
    isMethod(node) && names.includes(node.target) ? 'shared' : 'float';

const onlyModule =
  (then: Observation): Rule =>
  (_, node) =>
    node.op === 'call_module' ? then : 'float';

/** An operand that is a number makes the op keep its input's observer (`x + 1`, `x * 2`). */
const binary: Rule = (call, node) => {
  if (isMethod(node)) return 'float';
  return call.operands.some((o) => o.kind !== 'node') ? 'shared' : 'observed';
};

/** With a weight of its own `F.layer_norm` fits no dtype configuration: that wants a float weight, the qconfig qint8. */
const layerNorm: Rule = (call, node) => {
  if (node.op === 'call_module') return 'observed';
  const hasWeight = call.op === 'layer_norm' && call.attrs.weight !== null;
  if (node.target === 'torch.layer_norm') return 'float';
  return hasWeight ? 'unsupported' : 'observed';
};

/** Of the functions element by element, the backend's list has these two. */
const unary: Rule = (call) => {
  const fn = call.op === 'unary' ? call.attrs.fn : null;
  return fn === 'hardswish' ? 'observed' : fn === 'hardsigmoid' ? 'fixed01' : 'float';
};

/** Of `F.group_norm` and its like, as of `F.layer_norm`: a weight of its own fits no dtype configuration. */
const functionalNorm: Rule = (call, node) => {
  if (node.op !== 'call_function' || !node.target.startsWith('torch.nn.functional.')) return 'float';
  const hasWeight = (call.op === 'group_norm' || call.op === 'instance_norm') && call.attrs.weight !== null;
  return hasWeight ? 'unsupported' : 'observed';
};

/** The list has the modules `InstanceNorm1d` … `InstanceNorm3d`, but not `GroupNorm`. */
const instanceNorm: Rule = (call, node) =>
  node.op === 'call_module' ? 'observed' : functionalNorm(call, node);

const OBSERVATIONS: { readonly [O in OpName]: Rule } = {
  placeholder: 'float',
  output: 'float',
  get_attr: 'float',
  linear: 'observed',
  conv: 'observed',
  // The backend's list has no function.
  conv_transpose: onlyModule('observed'),
  // The backend's list has BatchNorm2d and 3d; one of one dimension is quantized only as a part of what it folds into.
  batch_norm: (call) => (call.op === 'batch_norm' && (call.attrs.dims ?? 1) > 1 ? 'observed' : 'float'),
  max_pool: (_, node) =>
    node.op === 'call_function' && node.target.startsWith('torch.max_pool') ? 'float' : 'shared',
  avg_pool: 'shared',
  adaptive_avg_pool: 'shared',
  adaptive_max_pool: 'float',
  relu: unless('torch.relu', 'shared'),
  relu6: 'shared',
  leaky_relu: 'observed',
  prelu: onlyModule('observed'),
  elu: 'observed',
  silu: 'float',
  gelu: 'float',
  hardtanh: 'shared',
  // The backend's list has none of these.
  pow: 'float',
  sqrt: 'float',
  rsqrt: 'float',
  reciprocal: 'float',
  erf: 'float',
  sigmoid: 'fixed01',
  tanh: 'fixed11',
  softmax: onlyModule('fixed01'),
  log_softmax: 'float',
  unary,
  binary: 'float',
  where: 'float',
  reduce: 'float',
  arg_reduce: 'float',
  cumsum: 'float',
  one_hot: 'float',
  flatten: only('torch.flatten', 'shared'),
  // Not in the list: `torch.reshape`, `x.view_as`, `x.reshape_as`, and other names of a transposition.
  reshape: methods('reshape', 'view'),
  transpose: (_, node) => (/^(torch\.)?transpose$/.test(node.target) ? 'shared' : 'float'),
  permute: unless('torch.permute', 'shared'),
  cat: only('torch.cat', 'shared'),
  mean: 'shared',
  squeeze: 'shared',
  unsqueeze: 'shared',
  // prepare_fx passes over getitem, whatever stands around it.
  getitem: 'float',
  // Nor has the list these, whatever their spelling.
  tuple: 'float',
  split: 'float',
  expand: 'float',
  gather: 'float',
  index_select: 'float',
  flip: 'float',
  roll: 'float',
  pad: 'float',
  trilu: 'float',
  pixel_shuffle: 'float',
  pixel_unshuffle: 'float',
  einsum: 'float',
  topk: 'float',
  arange: 'float',
  full: 'float',
  repeat: methods('repeat'),
  stack: 'shared',
  interpolate: only('torch.nn.functional.interpolate', 'shared'),
  // Numbers: there is nothing to observe.
  size: 'float',
  layer_norm: layerNorm,
  group_norm: functionalNorm,
  instance_norm: instanceNorm,
  embedding: 'float',
  add: binary,
  sub: 'float',
  mul: binary,
  div: 'float',
  matmul: only('torch.matmul', 'observed'),
  identity: (_, node) => (/^(torch\.)?clone$/.test(node.target) ? 'float' : 'shared'),
  dropout: 'observed',
  to: 'float',
  observer: 'float',
  equalization_observer: 'float',
  quantize_per_tensor: 'float',
  dequantize: 'float',
  quantize_per_channel: 'float',
};

export function observationOf(call: OpCall | null, node: Node): Observation {
  if (!call) return 'float';
  const rule = OBSERVATIONS[call.op];
  return typeof rule === 'function' ? rule(call, node) : rule;
}

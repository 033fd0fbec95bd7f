import type { GraphIndex } from '../graph';
import type { Model } from '../model';
import type { Dims } from '../moduleTypes';
import type { CallFunction, CallMethod } from '../node';
import type { OpCall } from '../op';
import { CallArguments } from './callArguments';
import { clamp, elu, gelu, hardtanh, leakyRelu, logSoftmax, softmax } from './resolveActivation';
import { cat, getitem, mean, permute, squeeze, unsqueeze } from './resolveAxes';
import { convFunction } from './resolveConv';
import { convTransposeFunction } from './resolveConvTranspose';
import { arange, filled, filledLike, full } from './resolveCreate';
import { einsum } from './resolveEinsum';
import { ELEMENTWISE_FUNCTIONS, ELEMENTWISE_METHODS } from './resolveElementwise';
import { linearFunction } from './resolveLinear';
import {
  expand,
  flip,
  gather,
  indexSelect,
  matrixTranspose,
  narrow,
  pixels,
  repeat,
  roll,
  select,
  shapedAs,
  stack,
  tensorIndex,
  trilu,
} from './resolveMoves';
import { batchNorm, embedding, groupNorm, instanceNorm, layerNorm, prelu } from './resolveNorm';
import { pad } from './resolvePad';
import { adaptivePool, avgPool, maxPool } from './resolvePool';
import { quantizedFunctions } from './resolveQuantized';
import { REDUCE_FUNCTIONS, REDUCE_METHODS } from './resolveReduce';
import { interpolate, onnxResize } from './resolveResize';
import { extentList, sizeOperands } from './resolveSize';

type Call = CallFunction | CallMethod;
type Rule = (node: Call, model: Model, index: GraphIndex) => OpCall;

type Elementwise =
  | 'relu'
  | 'relu6'
  | 'silu'
  | 'sqrt'
  | 'rsqrt'
  | 'reciprocal'
  | 'erf'
  | 'sigmoid'
  | 'tanh'
  | 'identity'
  | 'dequantize';
const unary =
  (op: Elementwise, extra: readonly string[] = []): Rule =>
  (node) => {
    const args = new CallArguments(node, ['input', ...extra]);
    return { op, operands: [args.operand('input')], attrs: {} };
  };

const binary =
  (op: 'add' | 'sub' | 'mul' | 'div' | 'matmul'): Rule =>
  (node) => {
    const args = new CallArguments(node, ['input', 'other', 'alpha']);
    args.only('alpha', 1);
    return { op, operands: [args.operand('input'), args.operand('other')], attrs: {} };
  };

const dropout: Rule = (node) => {
  const args = new CallArguments(node, ['input', 'p', 'training', 'inplace']);
  args.only('training', false);
  return { op: 'dropout', operands: [args.operand('input')], attrs: {} };
};

const square: Rule = (node) => ({
  op: 'pow',
  operands: [new CallArguments(node, ['input']).operand('input')],
  attrs: { exponent: 2 },
});

const flatten: Rule = (node) => {
  const args = new CallArguments(node, ['input', 'start_dim', 'end_dim']);
  return {
    op: 'flatten',
    operands: [args.operand('input')],
    attrs: { startDim: args.number('start_dim', 0), endDim: args.number('end_dim', -1) },
  };
};

const reshape: Rule = (node, _, index) => {
  const input = new CallArguments({ ...node, args: node.args.slice(0, 1), kwargs: {} }, ['input']);
  const named = node.kwargs.shape;
  const call = Array.isArray(named) ? { ...node, args: [node.args[0] ?? null, named] } : node;
  const shape = extentList(index, call, 1);
  return { op: 'reshape', operands: [input.operand('input'), ...sizeOperands(shape)], attrs: { shape } };
};

const transpose: Rule = (node) => {
  const args = new CallArguments(node, ['input', 'dim0', 'dim1']);
  return {
    op: 'transpose',
    operands: [args.operand('input')],
    attrs: { dim0: args.number('dim0'), dim1: args.number('dim1') },
  };
};

/** NumPy's names of the same. */
const swapAxes: Rule = (node, model, index) => {
  const { axis0 = node.kwargs.dim0, axis1 = node.kwargs.dim1, ...kwargs } = node.kwargs;
  return transpose(
    {
      ...node,
      kwargs: {
        ...kwargs,
        ...(axis0 !== undefined && { dim0: axis0 }),
        ...(axis1 !== undefined && { dim1: axis1 }),
      },
    },
    model,
    index,
  );
};

const to: Rule = (node) => {
  const args = new CallArguments(node, ['input', 'dtype']);
  return { op: 'to', operands: [args.operand('input')], attrs: { dtype: args.dtype('dtype') } };
};

/** `x.float()`, `x.long()`. */
const toNamed =
  (dtype: string): Rule =>
  (node) => ({ op: 'to', operands: [new CallArguments(node, ['input']).operand('input')], attrs: { dtype } });

const quantize: Rule = (node) => {
  const args = new CallArguments(node, ['input', 'scale', 'zero_point', 'dtype']);
  return {
    op: 'quantize_per_tensor',
    operands: [args.operand('input'), args.operand('scale'), args.operand('zero_point')],
    attrs: { dtype: args.dtype('dtype') },
  };
};

const quantizePerChannel: Rule = (node) => {
  const args = new CallArguments(node, ['input', 'scales', 'zero_points', 'axis', 'dtype']);
  return {
    op: 'quantize_per_channel',
    operands: [args.operand('input'), args.operand('scales'), args.operand('zero_points')],
    attrs: { axis: args.number('axis'), dtype: args.dtype('dtype') },
  };
};

/** Functions that exist for one, two and three dimensions, under the names that FX may print. */
function perDimension(
  name: string,
  namespaces: readonly string[],
  rule: (dims: Dims) => Rule,
): Record<string, Rule> {
  const dimensions: readonly Dims[] = [1, 2, 3];
  const entries = dimensions.flatMap((dims) =>
    namespaces.map((namespace): [string, Rule] => [`${namespace}.${name}${dims}d`, rule(dims)]),
  );
  return Object.fromEntries(entries);
}
const BOTH = ['torch', 'torch.nn.functional'];
/** Python's own names of some functions of `torch.nn.functional`. */
const BUILT_IN = [...BOTH, 'torch._C._nn'];

const FLOAT_FUNCTIONS: Readonly<Record<string, Rule>> = {
  ...perDimension('conv', BOTH, convFunction),
  ...perDimension('conv_transpose', BOTH, convTransposeFunction),
  ...perDimension('max_pool', BOTH, maxPool),
  ...perDimension('avg_pool', BUILT_IN, avgPool),
  ...perDimension('adaptive_avg_pool', BUILT_IN, adaptivePool('adaptive_avg_pool')),
  ...perDimension('adaptive_max_pool', ['torch.nn.functional'], adaptivePool('adaptive_max_pool')),
  'torch.nn.functional.batch_norm': batchNorm,
  'torch.batch_norm': batchNorm,
  'torch.nn.functional.linear': linearFunction,
  'torch.nn.functional.relu': unary('relu', ['inplace']),
  'torch.relu': unary('relu'),
  'torch.nn.functional.relu6': unary('relu6', ['inplace']),
  'torch.nn.functional.leaky_relu': leakyRelu,
  'torch.nn.functional.prelu': prelu,
  'torch.prelu': prelu,
  'torch.nn.functional.elu': elu,
  'torch.nn.functional.silu': unary('silu', ['inplace']),
  'torch.nn.functional.gelu': gelu,
  'torch._C._nn.gelu': gelu,
  'torch.nn.functional.hardtanh': hardtanh,
  'torch.clamp': clamp,
  'torch.square': square,
  'torch.sqrt': unary('sqrt'),
  'torch.rsqrt': unary('rsqrt'),
  'torch.reciprocal': unary('reciprocal'),
  'torch.erf': unary('erf'),
  'torch.special.erf': unary('erf'),
  'torch.sigmoid': unary('sigmoid'),
  'torch.nn.functional.sigmoid': unary('sigmoid'),
  'torch.tanh': unary('tanh'),
  'torch.nn.functional.tanh': unary('tanh'),
  'torch.nn.functional.dropout': dropout,
  ...ELEMENTWISE_FUNCTIONS,
  ...REDUCE_FUNCTIONS,
  'torch.log_softmax': logSoftmax,
  'torch.nn.functional.log_softmax': logSoftmax,
  'torch.softmax': softmax,
  'torch.nn.functional.softmax': softmax,
  'torch.flatten': flatten,
  'torch.reshape': reshape,
  'torch.transpose': transpose,
  'torch.permute': permute,
  'torch.cat': cat,
  'torch.concat': cat,
  'torch.mean': mean,
  'torch.squeeze': squeeze,
  'torch.unsqueeze': unsqueeze,
  'operator.getitem': (node, _, index) => tensorIndex(node, index) ?? getitem(node, index),
  'torch.broadcast_to': expand,
  'torch.tile': repeat,
  'torch.stack': stack,
  'torch.gather': gather,
  'torch.index_select': indexSelect,
  'torch.narrow': narrow,
  'torch.select': select,
  'torch.flip': flip,
  'torch.roll': roll,
  'torch.tril': trilu(false),
  'torch.triu': trilu(true),
  'torch.t': matrixTranspose,
  'torch.swapaxes': swapAxes,
  'torch.swapdims': swapAxes,
  'torch.pixel_shuffle': pixels('pixel_shuffle', 'upscale_factor'),
  'torch.nn.functional.pixel_shuffle': pixels('pixel_shuffle', 'upscale_factor'),
  'torch.pixel_unshuffle': pixels('pixel_unshuffle', 'downscale_factor'),
  'torch.nn.functional.pixel_unshuffle': pixels('pixel_unshuffle', 'downscale_factor'),
  'torch.nn.functional.pad': pad,
  'torch._C._nn.pad': pad,
  'torch.nn.functional.interpolate': interpolate,
  'onnx.Resize': onnxResize,
  'torch.einsum': einsum,
  'torch.functional.einsum': einsum,
  'torch.bmm': binary('matmul'),
  'torch.arange': arange,
  'torch.full': full,
  'torch.zeros': filled(0),
  'torch.ones': filled(1),
  'torch.zeros_like': filledLike(0),
  'torch.ones_like': filledLike(1),
  'torch.full_like': filledLike(null),
  'torch.clone': unary('identity'),
  'torch.nn.functional.layer_norm': layerNorm,
  'torch.layer_norm': layerNorm,
  'torch.nn.functional.group_norm': groupNorm,
  'torch.group_norm': groupNorm,
  'torch.nn.functional.instance_norm': instanceNorm,
  'torch.instance_norm': instanceNorm,
  'torch.nn.functional.embedding': embedding,
  'torch.embedding': embedding,
  'torch.add': binary('add'),
  'operator.add': binary('add'),
  'operator.iadd': binary('add'),
  'torch.sub': binary('sub'),
  'operator.sub': binary('sub'),
  'torch.mul': binary('mul'),
  'operator.mul': binary('mul'),
  'operator.truediv': binary('div'),
  'torch.matmul': binary('matmul'),
  'operator.matmul': binary('matmul'),
  'torch.quantize_per_tensor': quantize,
  'torch.quantize_per_channel': quantizePerChannel,
};

const FUNCTIONS: Readonly<Record<string, Rule>> = {
  ...FLOAT_FUNCTIONS,
  ...quantizedFunctions(FLOAT_FUNCTIONS),
};

const METHODS: Readonly<Record<string, Rule>> = {
  relu: unary('relu'),
  square,
  sqrt: unary('sqrt'),
  rsqrt: unary('rsqrt'),
  reciprocal: unary('reciprocal'),
  erf: unary('erf'),
  sigmoid: unary('sigmoid'),
  tanh: unary('tanh'),
  contiguous: unary('identity'),
  dequantize: unary('dequantize'),
  softmax,
  log_softmax: logSoftmax,
  ...ELEMENTWISE_METHODS,
  ...REDUCE_METHODS,
  flatten,
  reshape,
  view: reshape,
  transpose,
  permute,
  mean,
  squeeze,
  unsqueeze,
  expand,
  expand_as: shapedAs('expand'),
  view_as: shapedAs('reshape'),
  reshape_as: shapedAs('reshape'),
  broadcast_to: expand,
  repeat,
  tile: repeat,
  gather,
  index_select: indexSelect,
  narrow,
  select,
  flip,
  roll,
  tril: trilu(false),
  triu: trilu(true),
  t: matrixTranspose,
  swapaxes: swapAxes,
  swapdims: swapAxes,
  bmm: binary('matmul'),
  clone: unary('identity'),
  detach: unary('identity'),
  clamp,
  prelu,
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  matmul: binary('matmul'),
  to,
  float: toNamed('torch.float32'),
  int: toNamed('torch.int32'),
  long: toNamed('torch.int64'),
  bool: toNamed('torch.bool'),
};

/** The meaning of a `call_function` node; null when the studio does not know the function. */
export const resolveFunction = (model: Model, index: GraphIndex, node: CallFunction): OpCall | null =>
  Object.hasOwn(FUNCTIONS, node.target) ? (FUNCTIONS[node.target]?.(node, model, index) ?? null) : null;

/** The meaning of a `call_method` node; null when the studio does not know the method. */
export const resolveMethod = (model: Model, index: GraphIndex, node: CallMethod): OpCall | null =>
  Object.hasOwn(METHODS, node.target) ? (METHODS[node.target]?.(node, model, index) ?? null) : null;

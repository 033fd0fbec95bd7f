import type { Dims } from '../moduleTypes';
import type { CallRule, CallRules } from './callRule';
import { clamp, elu, gelu, hardtanh, leakyRelu, logSoftmax, softmax } from './resolveActivation';
import { binary, dropout, square, unary } from './resolveArithmetic';
import { cat, getitem, mean, permute, squeeze, unsqueeze } from './resolveAxes';
import { quantize, quantizePerChannel } from './resolveCasts';
import { convFunction } from './resolveConv';
import { convTransposeFunction } from './resolveConvTranspose';
import { arange, filled, filledLike, full } from './resolveCreate';
import { einsum } from './resolveEinsum';
import { ELEMENTWISE_FUNCTIONS } from './resolveElementwise';
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
  stack,
  tensorIndex,
  trilu,
} from './resolveMoves';
import { batchNorm, embedding, groupNorm, instanceNorm, layerNorm, prelu } from './resolveNorm';
import { pad } from './resolvePad';
import { adaptivePool, avgPool, maxPool } from './resolvePool';
import { quantizedFunctions } from './resolveQuantized';
import { REDUCE_FUNCTIONS } from './resolveReduce';
import { interpolate, onnxResize } from './resolveResize';
import { flatten, reshape, swapAxes, transpose } from './resolveViews';

/** Functions that exist for one, two and three dimensions, under the names that FX may print. */
function perDimension(
  name: string,
  namespaces: readonly string[],
  rule: (dims: Dims) => CallRule,
): Record<string, CallRule> {
  const dimensions: readonly Dims[] = [1, 2, 3];
  const entries = dimensions.flatMap((dims) =>
    namespaces.map((namespace): [string, CallRule] => [`${namespace}.${name}${dims}d`, rule(dims)]),
  );
  return Object.fromEntries(entries);
}
const BOTH = ['torch', 'torch.nn.functional'];
/** Python's own names of some functions of `torch.nn.functional`. */
const BUILT_IN = [...BOTH, 'torch._C._nn'];

const FLOAT_FUNCTIONS: CallRules = {
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

/** The functions that the studio knows, by the paths that FX prints. */
export const FUNCTIONS: CallRules = {
  ...FLOAT_FUNCTIONS,
  ...quantizedFunctions(FLOAT_FUNCTIONS),
};

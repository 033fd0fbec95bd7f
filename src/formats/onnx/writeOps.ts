import { GraphError } from '../../graph/errors';
import type { Node } from '../../graph/node';
import type { OpCall, OpName } from '../../graph/op';
import { isQuantizedCall } from '../../graph/resolve/resolveQuantized';
import { ELEMENT } from './file/elementTypes';
import type { GraphWriter, OpWriter, WrittenAttributes } from './writeOps/graphWriter';
import {
  elu,
  gelu,
  hardtanh,
  layerNorm,
  leakyRelu,
  pow,
  prelu,
  relu6,
  rsqrt,
  silu,
} from './writeOps/writeActivations';
import { cat, getitem, mean, permute, squeeze, unsqueeze } from './writeOps/writeAxes';
import { to } from './writeOps/writeCast';
import { binary, unary, where } from './writeOps/writeElementwise';
import { embedding, linear } from './writeOps/writeLinear';
import {
  einsum,
  expand,
  flip,
  gather,
  indexSelect,
  pixelShuffle,
  pixelUnshuffle,
  repeat,
  roll,
  stack,
  topk,
  trilu,
} from './writeOps/writeMoves';
import { groupNorm, instanceNorm } from './writeOps/writeNorms';
import { arange, full, interpolate, pad, split } from './writeOps/writeParts';
import { argReduce, cumsum, oneHot, reduce } from './writeOps/writeReduce';
import { reshape, size } from './writeOps/writeSizes';
import { promoted } from './writeOps/writeTyped';
import { flatten, transpose } from './writeOps/writeViews';
import {
  adaptiveAvgPool,
  adaptiveMaxPool,
  avgPool,
  batchNorm,
  conv,
  convTranspose,
  maxPool,
} from './writeOps/writeWindows';

/** An ONNX op of the same operands and no attributes. */
const plain =
  (opType: string, attributes: WrittenAttributes = {}) =>
  (writer: GraphWriter, call: OpCall, output: string): void =>
    writer.node(opType, writer.operands(call), output, attributes);

/** A row for an op that a float model cannot hold: `floatModel` takes observers and quantized ops out. */
const notFloat = (_writer: GraphWriter, call: OpCall, _output: string, node: Node): never => {
  throw new GraphError(`internal: '${node.name}' (${call.op}) cannot be a part of a float model.`, node.name);
};

/** How each op of the IR is written in ONNX's default domain, opset 17. */
const OP_WRITERS: { readonly [O in OpName]: OpWriter<O> } = {
  // Inputs, outputs and constants are not nodes in ONNX: `write.ts` places them.
  placeholder: () => undefined,
  output: () => undefined,
  get_attr: (writer, call, _output, node) =>
    writer.define(node.name, writer.param(call.attrs.param), writer.paramType(call.attrs.param)),
  linear,
  conv,
  conv_transpose: convTranspose,
  batch_norm: batchNorm,
  max_pool: maxPool,
  avg_pool: avgPool,
  adaptive_avg_pool: adaptiveAvgPool,
  adaptive_max_pool: adaptiveMaxPool,
  relu: plain('Relu'),
  relu6,
  leaky_relu: leakyRelu,
  prelu,
  elu,
  silu,
  gelu,
  hardtanh,
  pow,
  sqrt: plain('Sqrt'),
  rsqrt,
  reciprocal: plain('Reciprocal'),
  erf: plain('Erf'),
  sigmoid: plain('Sigmoid'),
  tanh: plain('Tanh'),
  softmax: (writer, call, output) =>
    writer.node('Softmax', writer.operands(call), output, { axis: { i: call.attrs.dim } }),
  log_softmax: (writer, call, output) =>
    writer.node('LogSoftmax', writer.operands(call), output, { axis: { i: call.attrs.dim } }),
  unary,
  binary,
  where,
  reduce,
  arg_reduce: argReduce,
  cumsum,
  one_hot: oneHot,
  flatten,
  reshape,
  size,
  transpose,
  permute,
  cat,
  mean,
  squeeze,
  unsqueeze,
  getitem,
  // Its parts are written as ops of the value that is cut.
  tuple: () => undefined,
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
  add: promoted('Add'),
  sub: promoted('Sub'),
  mul: promoted('Mul'),
  // True division: ONNX would divide whole numbers as such.
  div: promoted('Div', ELEMENT.FLOAT),
  matmul: plain('MatMul'),
  identity: plain('Identity'),
  // Without its other inputs ONNX's Dropout is that of inference.
  dropout: plain('Dropout'),
  to,
  observer: notFloat,
  equalization_observer: notFloat,
  quantize_per_tensor: notFloat,
  dequantize: notFloat,
  quantize_per_channel: notFloat,
};

/** The typed call into the table: one op's writer for one op's call. */
export const writeOp = <O extends OpName>(
  op: O,
  writer: GraphWriter,
  call: OpCall<O>,
  output: string,
  node: Node,
): void => {
  if (isQuantizedCall(call)) notFloat(writer, call, output, node);
  OP_WRITERS[op](writer, call, output, node);
};

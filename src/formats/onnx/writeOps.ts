import { GraphError } from '../../graph/errors';
import type { Node } from '../../graph/node';
import type { OpCall, OpName } from '../../graph/op';
import { isQuantizedCall } from '../../graph/resolve/resolveQuantized';
import { axisOf } from '../../graph/shape';
import { ELEMENT, isIntegerElement } from './file/elementTypes';
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
import { binary, unary, where } from './writeOps/writeElementwise';
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
import { reshape, reshapeTo, size } from './writeOps/writeSizes';
import { promoted } from './writeOps/writeTyped';
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

/** Gemm takes matrices only; any other rank, or an unknown one, is a MatMul and an Add. */
const linear: OpWriter<'linear'> = (writer, call, output) => {
  const { weight, bias, relu } = call.attrs;
  const product = relu ? writer.freshName(`${output}_linear`) : output;
  const [x = ''] = writer.operands(call);
  const added = bias === null ? [] : [writer.param(bias)];
  if (writer.inputShape(call)?.length === 2)
    writer.node('Gemm', [x, writer.param(weight), ...added], product, { transB: { i: 1 } });
  else if (added.length === 0) writer.node('MatMul', [x, writer.transposedParam(weight)], product);
  else {
    const partial = writer.freshName(`${output}_matmul`);
    writer.node('MatMul', [x, writer.transposedParam(weight)], partial);
    writer.node('Add', [partial, ...added], product);
  }
  if (relu) writer.node('Relu', [product], output);
};

/** `torch.flatten(x, 1)` is ONNX's Flatten; any other range of axes is a Reshape that copies the axes before it. */
const flatten: OpWriter<'flatten'> = (writer, call, output, node) => {
  const [x = ''] = writer.operands(call);
  const shape = writer.inputShape(call);
  const { startDim, endDim } = call.attrs;
  if (startDim === 1 && (endDim === -1 || endDim + 1 === shape?.length)) {
    writer.node('Flatten', [x], output, { axis: { i: 1 } });
    return;
  }
  if (startDim === 0 && endDim === -1) {
    reshapeTo(writer, x, [-1], output);
    return;
  }
  const start = shape && axisOf(startDim, shape.length);
  const end = shape && axisOf(endDim, shape.length);
  const behind = shape && end !== null ? shape.slice(end + 1) : null;
  if (start === null || !behind?.every((dim) => typeof dim === 'number'))
    throw new GraphError(
      `Node '${node.name}' flattens axes ${startDim} to ${endDim} of a tensor of shape [${shape?.join(', ') ?? 'unknown'}]; ONNX needs to know the sizes behind them.`,
      node.name,
    );
  // 0 copies the axis of the same place, which works only in front of the merged ones.
  reshapeTo(writer, x, [...new Array<number>(start).fill(0), -1, ...behind], output);
};

const transpose: OpWriter<'transpose'> = (writer, call, output, node) => {
  const [x = ''] = writer.operands(call);
  const rank = writer.inputShape(call)?.length;
  const a = rank === undefined ? null : axisOf(call.attrs.dim0, rank);
  const b = rank === undefined ? null : axisOf(call.attrs.dim1, rank);
  if (rank === undefined || a === null || b === null)
    throw new GraphError(
      `Node '${node.name}' exchanges axes ${call.attrs.dim0} and ${call.attrs.dim1} of a tensor of ${rank === undefined ? 'unknown rank' : `rank ${rank}`}; ONNX needs to know the rank.`,
      node.name,
    );
  const order = Array.from({ length: rank }, (_, axis) => (axis === a ? b : axis === b ? a : axis));
  writer.node('Transpose', [x], output, { perm: { ints: order } });
};

const CAST_TO: Readonly<Record<string, number>> = {
  'torch.float32': ELEMENT.FLOAT,
  'torch.float': ELEMENT.FLOAT,
  'torch.float64': ELEMENT.DOUBLE,
  'torch.float16': ELEMENT.FLOAT16,
  'torch.int32': ELEMENT.INT32,
  'torch.int64': ELEMENT.INT64,
  'torch.bool': ELEMENT.BOOL,
};

/** Types that are held in a wider one: what a cast does to a value stays, the type does not. */
const PASSING: Readonly<Record<string, readonly [through: number, back: number]>> = {
  'torch.int8': [ELEMENT.INT8, ELEMENT.INT64],
  'torch.uint8': [ELEMENT.UINT8, ELEMENT.INT64],
  'torch.int16': [ELEMENT.INT16, ELEMENT.INT64],
  'torch.bfloat16': [ELEMENT.BFLOAT16, ELEMENT.FLOAT],
};

const to: OpWriter<'to'> = (writer, call, output, node) => {
  const passing = PASSING[call.attrs.dtype];
  if (passing) {
    const [through, back] = passing;
    const narrow = writer.freshName(`${output}_narrow`);
    writer.node('Cast', writer.operands(call), narrow, { to: { i: through } });
    writer.node('Cast', [narrow], output, { to: { i: back } });
    writer.define(node.name, output, back);
    return;
  }
  const type = CAST_TO[call.attrs.dtype];
  if (type === undefined)
    throw new GraphError(
      `Node '${node.name}' casts to ${call.attrs.dtype}; ${[...Object.keys(CAST_TO), ...Object.keys(PASSING)].join(', ')} can be written.`,
      node.name,
    );
  writer.node('Cast', writer.operands(call), output, { to: { i: type } });
  writer.define(node.name, output, type);
};

/** Gather takes whole numbers; indices that come as floats, as the studio's data does, are cast. */
const embedding: OpWriter<'embedding'> = (writer, call, output, node) => {
  const [operand] = call.operands;
  let [indices = ''] = writer.operands(call);
  const type = operand?.kind === 'node' ? writer.elementType(operand.node) : ELEMENT.FLOAT;
  if (!isIntegerElement(type)) {
    const cast = writer.freshName(`${output}_indices`);
    writer.node('Cast', [indices], cast, { to: { i: ELEMENT.INT64 } });
    indices = cast;
  }
  writer.node('Gather', [writer.param(call.attrs.weight), indices], output);
  writer.define(node.name, output, ELEMENT.FLOAT);
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

import type { ReduceFunction } from '../../../graph/elementwise';
import { GraphError } from '../../../graph/errors';
import type { OpCall } from '../../../graph/op';
import { ELEMENT } from '../file/elementTypes';
import { int64Scalar } from '../file/tensorWrite';
import type { GraphWriter, OpWriter } from './graphWriter';
import { reshapeTo } from './writeSizes';
import { commonType, operandAs, stepOf } from './writeTyped';

/* Ops that reduce axes, and ops that run along one. */

const OPS: { readonly [F in ReduceFunction]: string } = {
  sum: 'ReduceSum',
  prod: 'ReduceProd',
  amax: 'ReduceMax',
  amin: 'ReduceMin',
  logsumexp: 'ReduceLogSumExp',
  any: 'ReduceMax',
  all: 'ReduceMin',
};

/** The type that ONNX computes in: no reduction takes bools. */
function computedIn(fn: ReduceFunction, type: number): number {
  if (fn === 'logsumexp') return ELEMENT.FLOAT;
  return type === ELEMENT.BOOL ? ELEMENT.INT32 : type;
}

export const reduce: OpWriter<'reduce'> = (writer, { operands, attrs }, output, node) => {
  const { fn, dims, keepDim } = attrs;
  const [operand] = operands;
  if (!operand) return;
  const own = commonType(writer, [operand]);
  const isTruth = fn === 'any' || fn === 'all';
  const type = computedIn(fn, own);
  const truth = isTruth && own !== ELEMENT.BOOL ? ELEMENT.BOOL : own;
  const input = operandAs(writer, operand, truth);
  const step = stepOf(writer, output);
  const x = truth === type ? input : step('Cast', [input], { to: { i: type } });
  const result = isTruth || (own === ELEMENT.BOOL && fn.startsWith('am')) ? ELEMENT.BOOL : type;
  const reduced = result === type ? output : writer.freshName(`${output}_reduced`);
  const keepdims = { i: keepDim ? 1 : 0 };
  // Opset 13 gave the sum its axes as an input, opset 18 the others.
  if (fn === 'sum')
    writer.node('ReduceSum', [x, ...(dims ? [writer.integers(`${output}_axes`, dims)] : [])], reduced, {
      keepdims,
    });
  else writer.node(OPS[fn], [x], reduced, { ...(dims && { axes: { ints: dims } }), keepdims });
  if (reduced !== output) writer.node('Cast', [reduced], output, { to: { i: result } });
  writer.define(node.name, output, result);
};

export const argReduce: OpWriter<'arg_reduce'> = (writer, call, output, node) => {
  const { fn, dim, keepDim } = call.attrs;
  const opType = fn === 'argmax' ? 'ArgMax' : 'ArgMin';
  const [operand] = call.operands;
  const own = operand ? commonType(writer, [operand]) : ELEMENT.FLOAT;
  const x = operand ? operandAs(writer, operand, own === ELEMENT.BOOL ? ELEMENT.INT32 : own) : '';
  if (dim !== null) writer.node(opType, [x], output, { axis: { i: dim }, keepdims: { i: keepDim ? 1 : 0 } });
  else ofAll(writer, call, opType, x, output, node.name);
  writer.define(node.name, output, ELEMENT.INT64);
};

/** Of all elements: along the one axis of their row. */
function ofAll(
  writer: GraphWriter,
  call: OpCall<'arg_reduce'>,
  opType: string,
  x: string,
  output: string,
  name: string,
): void {
  const { keepDim } = call.attrs;
  const rank = writer.inputShape(call)?.length;
  if (keepDim && rank === undefined)
    throw new GraphError(`Node '${name}' keeps the axes of a tensor of unknown rank; ONNX needs to know it.`);
  const row = writer.freshName(`${output}_row`);
  reshapeTo(writer, x, [-1], row);
  if (!keepDim) {
    writer.node(opType, [row], output, { axis: { i: 0 }, keepdims: { i: 0 } });
    return;
  }
  const place = stepOf(writer, output)(opType, [row], { axis: { i: 0 }, keepdims: { i: 0 } });
  reshapeTo(writer, place, new Array<number>(rank ?? 0).fill(1), output);
}

export const cumsum: OpWriter<'cumsum'> = (writer, { operands, attrs }, output, node) => {
  const [operand] = operands;
  const own = operand ? commonType(writer, [operand]) : ELEMENT.FLOAT;
  const type = own === ELEMENT.BOOL ? ELEMENT.INT64 : own;
  const x = operand ? operandAs(writer, operand, type) : '';
  writer.node('CumSum', [x, scalarInteger(writer, `${output}_axis`, attrs.dim)], output);
  writer.define(node.name, output, type);
};

export const oneHot: OpWriter<'one_hot'> = (writer, { operands, attrs }, output, node) => {
  const [operand] = operands;
  const indices = operand ? operandAs(writer, operand, ELEMENT.INT64) : '';
  const depth = scalarInteger(writer, `${output}_depth`, attrs.classes);
  writer.node('OneHot', [indices, depth, writer.integers(`${output}_values`, [0, 1])], output);
  writer.define(node.name, output, ELEMENT.INT64);
};

function scalarInteger(writer: GraphWriter, base: string, value: number): string {
  const name = writer.freshName(base);
  writer.initializers.push(int64Scalar(name, value));
  return name;
}

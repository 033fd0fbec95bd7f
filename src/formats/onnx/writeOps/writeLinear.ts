import { ELEMENT, isIntegerElement } from '../file/elementTypes';
import type { OpWriter } from './graphWriter';

/* Ops whose weight is a matrix. */

/** Gemm takes matrices only; any other rank, or an unknown one, is a MatMul and an Add. */
export const linear: OpWriter<'linear'> = (writer, call, output) => {
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

/** Gather takes whole numbers; indices that come as floats, as the studio's data does, are cast. */
export const embedding: OpWriter<'embedding'> = (writer, call, output, node) => {
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

import { CallArguments } from './callArguments';
import type { CallRule } from './callRule';
import { extentList, sizeOperands } from './resolveSize';

/* Functions and methods that see the same elements under another shape, or with two axes exchanged. */

export const flatten: CallRule = (node) => {
  const args = new CallArguments(node, ['input', 'start_dim', 'end_dim']);
  return {
    op: 'flatten',
    operands: [args.operand('input')],
    attrs: { startDim: args.number('start_dim', 0), endDim: args.number('end_dim', -1) },
  };
};

export const reshape: CallRule = (node, _, index) => {
  const input = new CallArguments({ ...node, args: node.args.slice(0, 1), kwargs: {} }, ['input']);
  const named = node.kwargs.shape;
  const call = Array.isArray(named) ? { ...node, args: [node.args[0] ?? null, named] } : node;
  const shape = extentList(index, call, 1);
  return { op: 'reshape', operands: [input.operand('input'), ...sizeOperands(shape)], attrs: { shape } };
};

export const transpose: CallRule = (node) => {
  const args = new CallArguments(node, ['input', 'dim0', 'dim1']);
  return {
    op: 'transpose',
    operands: [args.operand('input')],
    attrs: { dim0: args.number('dim0'), dim1: args.number('dim1') },
  };
};

/** NumPy's names of the same. */
export const swapAxes: CallRule = (node, model, index) => {
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

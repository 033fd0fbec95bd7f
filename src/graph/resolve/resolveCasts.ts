import { CallArguments } from './callArguments';
import type { CallRule } from './callRule';

/* Functions and methods that give another element type or another grid. */

export const to: CallRule = (node) => {
  const args = new CallArguments(node, ['input', 'dtype']);
  return { op: 'to', operands: [args.operand('input')], attrs: { dtype: args.dtype('dtype') } };
};

/** `x.float()`, `x.long()`. */
export const toNamed =
  (dtype: string): CallRule =>
  (node) => ({ op: 'to', operands: [new CallArguments(node, ['input']).operand('input')], attrs: { dtype } });

export const quantize: CallRule = (node) => {
  const args = new CallArguments(node, ['input', 'scale', 'zero_point', 'dtype']);
  return {
    op: 'quantize_per_tensor',
    operands: [args.operand('input'), args.operand('scale'), args.operand('zero_point')],
    attrs: { dtype: args.dtype('dtype') },
  };
};

export const quantizePerChannel: CallRule = (node) => {
  const args = new CallArguments(node, ['input', 'scales', 'zero_points', 'axis', 'dtype']);
  return {
    op: 'quantize_per_channel',
    operands: [args.operand('input'), args.operand('scales'), args.operand('zero_points')],
    attrs: { axis: args.number('axis'), dtype: args.dtype('dtype') },
  };
};

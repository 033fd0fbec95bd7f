import { CallArguments } from './callArguments';
import type { CallRule } from './callRule';

/* Functions and methods that are an op of their own, with tensors for arguments and no attributes. */

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
export const unary =
  (op: Elementwise, extra: readonly string[] = []): CallRule =>
  (node) => {
    const args = new CallArguments(node, ['input', ...extra]);
    return { op, operands: [args.operand('input')], attrs: {} };
  };

export const binary =
  (op: 'add' | 'sub' | 'mul' | 'div' | 'matmul'): CallRule =>
  (node) => {
    const args = new CallArguments(node, ['input', 'other', 'alpha']);
    args.only('alpha', 1);
    return { op, operands: [args.operand('input'), args.operand('other')], attrs: {} };
  };

export const dropout: CallRule = (node) => {
  const args = new CallArguments(node, ['input', 'p', 'training', 'inplace']);
  args.only('training', false);
  return { op: 'dropout', operands: [args.operand('input')], attrs: {} };
};

/** `x²` is a power. */
export const square: CallRule = (node) => ({
  op: 'pow',
  operands: [new CallArguments(node, ['input']).operand('input')],
  attrs: { exponent: 2 },
});

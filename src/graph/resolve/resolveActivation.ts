import type { ParametricAttrs, ParametricFunction } from '../elementwise';
import type { OpCall } from '../op';
import { CallArguments } from './callArguments';
import type { Call } from './callRule';

/* Activation functions that have parameters. */

/** Reads what a function of one tensor has besides that tensor. */
type ParameterRule<F extends ParametricFunction> = (args: CallArguments) => ParametricAttrs<F>;

export function leakyRelu(node: Call): OpCall {
  const args = new CallArguments(node, ['input', 'negative_slope', 'inplace']);
  return {
    op: 'leaky_relu',
    operands: [args.operand('input')],
    attrs: { negativeSlope: args.number('negative_slope', 0.01) },
  };
}

export function elu(node: Call): OpCall {
  const args = new CallArguments(node, ['input', 'alpha', 'inplace']);
  return { op: 'elu', operands: [args.operand('input')], attrs: { alpha: args.number('alpha', 1) } };
}

export function gelu(node: Call): OpCall {
  const args = new CallArguments(node, ['input', 'approximate']);
  const approximate = args.value('approximate') ?? 'none';
  if (approximate !== 'none' && approximate !== 'tanh')
    return args.fail(`with approximate=${JSON.stringify(approximate)} is not known; 'none' and 'tanh' are`);
  return { op: 'gelu', operands: [args.operand('input')], attrs: { approximate } };
}

export function hardtanh(node: Call): OpCall {
  const args = new CallArguments(node, ['input', 'min_val', 'max_val', 'inplace']);
  const attrs = { min: args.number('min_val', -1), max: args.number('max_val', 1) };
  return { op: 'hardtanh', operands: [args.operand('input')], attrs };
}

/** The parameters of `F.softplus` and its like, with their defaults. */
export const softplus: ParameterRule<'softplus'> = (args) => ({
  fn: 'softplus',
  beta: args.number('beta', 1),
  threshold: args.number('threshold', 20),
});

export const celu: ParameterRule<'celu'> = (args) => ({ fn: 'celu', alpha: args.number('alpha', 1) });

export const threshold: ParameterRule<'threshold'> = (args) => ({
  fn: 'threshold',
  threshold: args.number('threshold'),
  value: args.number('value'),
});

/** `torch.clamp(x, min=0)`: an absent bound does not bound. */
export function clamp(node: Call): OpCall {
  const args = new CallArguments(node, ['input', 'min', 'max']);
  const attrs = {
    min: args.number('min', Number.NEGATIVE_INFINITY),
    max: args.number('max', Number.POSITIVE_INFINITY),
  };
  return { op: 'hardtanh', operands: [args.operand('input')], attrs };
}

export const softmax = (node: Call): OpCall => alongDim('softmax', node);
export const logSoftmax = (node: Call): OpCall => alongDim('log_softmax', node);

function alongDim(op: 'softmax' | 'log_softmax', node: Call): OpCall {
  const names =
    node.target === `torch.nn.functional.${op}`
      ? ['input', 'dim', '_stacklevel', 'dtype']
      : ['input', 'dim', 'dtype'];
  const args = new CallArguments(node, names);
  return { op, operands: [args.operand('input')], attrs: { dim: args.number('dim') } };
}

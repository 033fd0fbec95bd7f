import { CallArguments } from './callArguments';
import type { CallFunction, CallMethod } from './node';
import type { OpCall } from './op';

/* Activation functions that have parameters. */

type Call = CallFunction | CallMethod;

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

/** `torch.clamp(x, min=0)`: an absent bound does not bound. */
export function clamp(node: Call): OpCall {
  const args = new CallArguments(node, ['input', 'min', 'max']);
  const attrs = {
    min: args.number('min', Number.NEGATIVE_INFINITY),
    max: args.number('max', Number.POSITIVE_INFINITY),
  };
  return { op: 'hardtanh', operands: [args.operand('input')], attrs };
}

export function softmax(node: Call): OpCall {
  const names =
    node.target === 'torch.nn.functional.softmax'
      ? ['input', 'dim', '_stacklevel', 'dtype']
      : ['input', 'dim', 'dtype'];
  const args = new CallArguments(node, names);
  return { op: 'softmax', operands: [args.operand('input')], attrs: { dim: args.number('dim') } };
}

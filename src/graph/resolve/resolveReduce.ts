import type { ReduceFunction } from '../elementwise';
import type { OpCall } from '../op';
import { CallArguments } from './callArguments';
import type { Call } from './callRule';

/* Functions and methods that reduce axes or run along one. */

type Rule = (node: Call) => OpCall;

const reduceCall = (args: CallArguments, fn: ReduceFunction): OpCall => {
  const dims = args.integers('dim');
  return {
    op: 'reduce',
    operands: [args.operand('input')],
    // To PyTorch an empty list means all of them.
    attrs: { fn, dims: dims?.length === 0 ? null : dims, keepDim: args.flag('keepdim', false) },
  };
};

export const reduce =
  (fn: ReduceFunction): Rule =>
  (node) => {
    const args = new CallArguments(node, ['input', 'dim', 'keepdim', 'dtype']);
    args.only('dtype', null);
    return reduceCall(args, fn);
  };

/** `torch.max(x)` and `torch.max(x, y)`; along an axis it gives values and places, which is refused. */
export const extremum =
  (fn: 'amax' | 'amin'): Rule =>
  (node) => {
    const args = new CallArguments(
      node,
      ['input', 'other', 'keepdim', 'dim'].slice(0, node.kwargs.dim === undefined ? 2 : 4),
    );
    const other = args.value('other') ?? null;
    if (typeof other === 'number' || args.value('dim') !== undefined)
      return args.fail(`along one axis gives values and indices; torch.${fn} gives the values alone`);
    if (other === null) return reduceCall(new CallArguments(node, ['input', 'dim', 'keepdim']), fn);
    return {
      op: 'binary',
      operands: [args.operand('input'), args.operand('other')],
      attrs: { fn: fn === 'amax' ? 'maximum' : 'minimum' },
    };
  };

export const argReduce =
  (fn: 'argmax' | 'argmin'): Rule =>
  (node) => {
    const args = new CallArguments(node, ['input', 'dim', 'keepdim']);
    const dim = (args.value('dim') ?? null) === null ? null : args.number('dim');
    return {
      op: 'arg_reduce',
      operands: [args.operand('input')],
      attrs: { fn, dim, keepDim: args.flag('keepdim', false) },
    };
  };

export const cumsum: Rule = (node) => {
  const args = new CallArguments(node, ['input', 'dim', 'dtype']);
  args.only('dtype', null);
  return { op: 'cumsum', operands: [args.operand('input')], attrs: { dim: args.number('dim') } };
};

const METHODS: Readonly<Record<string, Rule>> = {
  sum: reduce('sum'),
  prod: reduce('prod'),
  amax: reduce('amax'),
  amin: reduce('amin'),
  max: extremum('amax'),
  min: extremum('amin'),
  logsumexp: reduce('logsumexp'),
  any: reduce('any'),
  all: reduce('all'),
  argmax: argReduce('argmax'),
  argmin: argReduce('argmin'),
  cumsum,
};

export const REDUCE_METHODS = METHODS;
export const REDUCE_FUNCTIONS: Readonly<Record<string, Rule>> = Object.fromEntries(
  Object.entries(METHODS).map(([name, rule]) => [`torch.${name}`, rule]),
);

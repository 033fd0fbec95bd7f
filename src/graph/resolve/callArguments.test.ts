import { describe, expect, it } from 'vitest';
import { GraphError } from '../errors';
import type { Argument } from '../node';
import { callMethod, to } from '../testGraph';
import { CallArguments, integerList } from './callArguments';

const call = (args: readonly Argument[], kwargs: Readonly<Record<string, Argument>> = {}) => {
  const node = callMethod('softmax', 'softmax', args, kwargs);
  if (node.op !== 'call_method') throw new Error('not a method');
  return node;
};
const bind = (args: readonly Argument[], kwargs: Readonly<Record<string, Argument>> = {}) =>
  new CallArguments(call(args, kwargs), ['input', 'dim', 'dtype']);

describe('arguments', () => {
  it('are read by position or by keyword', () => {
    expect(bind([to('x'), -1]).number('dim')).toBe(-1);
    expect(bind([to('x')], { dim: 2 }).number('dim')).toBe(2);
    expect(bind([], { input: to('x') }).operand('input')).toEqual({ kind: 'node', node: 'x' });
    expect(bind([0.5]).operand('input')).toEqual({ kind: 'number', value: 0.5 });
    expect(bind([to('x'), 1, { dtype: 'torch.int32' }]).dtype('dtype')).toBe('torch.int32');
  });

  it('have the default of the function, but not in place of a wrong value', () => {
    expect(bind([to('x')]).number('dim', 7)).toBe(7);
    expect(bind([to('x'), 0]).number('dim', 7)).toBe(0);
    expect(() => bind([to('x'), true]).number('dim', 7)).toThrow("needs a number for 'dim', got true");
    expect(() => bind([to('x'), to('d')]).number('dim', 7)).toThrow('got {"node":"d"}');
  });

  it.each([
    ['an unknown keyword', () => bind([to('x')], { axis: 1 }), "has no parameter 'axis'"],
    ['too many', () => bind([to('x'), 1, null, null]), 'takes at most 3 arguments, got 4'],
    ['a missing number', () => bind([to('x')]).number('dim'), "needs a number for 'dim'"],
    [
      'a dtype that is none',
      () => bind([to('x'), 1, 'float']).dtype('dtype'),
      'needs a dtype for \'dtype\', got "float"',
    ],
    [
      'a list for a tensor',
      () => bind([[to('x')]]).operand('input'),
      "needs a tensor or a number for 'input'",
    ],
    ['a variant', () => bind([to('x'), 2]).only('dim', 1), 'with dim=2 is not supported; only 1 is'],
  ])('refuse %s, naming the node and its function', (_, read, message) => {
    expect(read).toThrow(GraphError);
    expect(read).toThrow("Node 'softmax' (softmax)");
    expect(read).toThrow(message);
  });

  it('pass a variant that is the default, unset or None', () => {
    for (const args of [bind([to('x'), 1]), bind([to('x')]), bind([to('x'), null])])
      expect(() => args.only('dim', 1)).not.toThrow();
  });

  it('given twice are refused, as Python does', () => {
    expect(() => bind([to('x'), 1], { dim: 2 })).toThrow("got two values for 'dim'");
  });
});

describe('a shape', () => {
  it.each([[[to('x'), 2, -1]], [[to('x'), [2, -1]]]])('is one list or spread: %j', (args) => {
    expect(integerList(call(args), 1)).toEqual([2, -1]);
  });

  it('may be empty', () => {
    expect(integerList(call([to('x'), []]), 1)).toEqual([]);
  });

  it.each([[1.5], [to('n')], [null], ['2']])('cannot hold %j', (bad) => {
    expect(() => integerList(call([to('x'), [2, bad]]), 1)).toThrow(
      /Node 'softmax' .* needs a constant shape; .* is computed at run time/,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { GraphIndex } from '../graph';
import { nodeName } from '../ids';
import { inferShapes } from '../inferShapes';
import type { Argument } from '../node';
import type { OpCall } from '../op';
import { resolveNode } from '../resolve';
import { callFunction, callMethod, modelOf, output, placeholder, to } from '../testGraph';

/** What a part of a tuple over `x` of `[2, 5, 4]` means, and its shape. */
function partOf(target: string, args: readonly Argument[], part: number) {
  const tuple = callFunction('t', target, [to('x'), ...args]);
  const nodes = [
    placeholder('x'),
    tuple,
    callFunction('p', 'operator.getitem', [to('t'), part]),
    output(to('p')),
  ];
  const model = { ...modelOf(nodes), inputShapes: { [nodeName('x')]: [2, 5, 4] } };
  const index = new GraphIndex(model.graph);
  const call = resolveNode(model, index, index.get(nodeName('p')));
  return { op: call?.op, operands: call?.operands, shape: inferShapes(model).get(nodeName('p')) };
}

describe('a part of several tensors is the op that makes it', () => {
  it.each<readonly [string, readonly Argument[], number, OpCall['op'], readonly number[]]>([
    ['torch.split', [2, 1], 2, 'split', [2, 1, 4]],
    ['torch.split', [[1, 4], 1], -1, 'split', [2, 4, 4]],
    ['torch.chunk', [3, -1], 0, 'split', [2, 5, 2]],
    ['torch.unbind', [1], 4, 'getitem', [2, 4]],
    ['torch.topk', [3], 1, 'topk', [2, 5, 3]],
    ['torch.max', [1], 0, 'reduce', [2, 4]],
    ['torch.min', [1], 1, 'arg_reduce', [2, 4]],
  ])('%s%j[%j]', (target, args, part, op, shape) => {
    expect(partOf(target, args, part)).toEqual({ op, operands: [{ kind: 'node', node: 'x' }], shape });
  });

  it.each<readonly [string, readonly Argument[], number, string]>([
    ['torch.split', [[2, 3], 1], 2, 'gives 2 parts; part 2 is asked for'],
    ['torch.topk', [3], 2, 'gives values and indices; part 2 is asked for'],
  ])('%s%j[%j] is refused', (target, args, part, message) => {
    expect(() => partOf(target, args, part)).toThrow(message);
  });

  it('and nothing else reads one', () => {
    const tuple = callFunction('t', 'torch.chunk', [to('x'), 2]);
    const model = modelOf([placeholder('x'), tuple, callMethod('r', 'relu', [to('t')]), output(to('r'))]);
    const index = new GraphIndex(model.graph);
    expect(() => resolveNode(model, index, index.get(nodeName('r')))).toThrow(
      "reads 't', which gives several tensors; take one of them by its number",
    );
  });
});

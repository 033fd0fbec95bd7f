import { describe, expect, it } from 'vitest';
import { GraphIndex } from './graph';
import { nodeName } from './ids';
import { inferValues } from './inferShapes';
import type { Argument, Node } from './node';
import { resolveNode } from './resolve';
import type { Shape } from './shape';
import type { SizeValue } from './sizes';
import { callFunction, callMethod, modelOf, output, placeholder, to } from './testGraph';

const x = placeholder('x');
const shape = callFunction('shape', 'getattr', [to('x'), 'shape']);
const size = callMethod('size', 'size', [to('x')]);
const n = callMethod('n', 'size', [to('x'), 0]);
const item = (name: string, list: string, index: Argument) =>
  callFunction(name, 'operator.getitem', [to(list), index]);
const compute = (name: string, target: string, ...args: readonly Argument[]) =>
  callFunction(name, target, args);

/** The last node's size and shape, for an input [n, 6, 4]. */
function infer(nodes: readonly Node[], inputShape: Shape = ['n', 6, 4]) {
  const last = nodes[nodes.length - 1]?.name ?? nodeName('');
  const inputShapes = inputShape ? { x: inputShape } : {};
  const { shapes, sizes } = inferValues(modelOf([x, ...nodes, output(to(last))], { inputShapes }));
  return { shape: shapes.get(last), size: sizes.get(last) };
}

describe('a size', () => {
  it.each<readonly [string, readonly Node[], SizeValue | null]>([
    ['x.shape', [shape], ['n', 6, 4]],
    ['x.size()', [size], ['n', 6, 4]],
    ['x.size(0)', [n], 'n'],
    ['x.size(-1)', [callMethod('s', 'size', [to('x'), -1])], 4],
    ['x.size(dim=1)', [callMethod('s', 'size', [to('x')], { dim: 1 })], 6],
    ['x.shape[0]', [shape, item('s', 'shape', 0)], 'n'],
    ['x.size()[:-1]', [size, item('s', 'size', { slice: [null, -1, null] })], ['n', 6]],
    ['x.shape[::2]', [shape, item('s', 'shape', { slice: [null, null, 2] })], ['n', 4]],
    ['x.shape[5]', [shape, item('s', 'shape', 5)], '?'],
    ['x.size(7)', [callMethod('s', 'size', [to('x'), 7])], '?'],
    ['n * 1', [n, compute('s', 'operator.mul', to('n'), 1)], 'n'],
    ['n // 1', [n, compute('s', 'operator.floordiv', to('n'), 1)], 'n'],
    ['n // 2', [n, compute('s', 'operator.floordiv', to('n'), 2)], '?'],
    ['n + 1', [n, compute('s', 'operator.add', to('n'), 1)], '?'],
  ])('%s', (_, nodes, expected) => {
    expect(infer(nodes)).toEqual({ shape: null, size: expected });
  });

  const known = callMethod('d', 'size', [to('x'), 1]);
  it.each<readonly [string, readonly Argument[], number]>([
    ['operator.add', [to('d'), 2], 8],
    ['operator.sub', [to('d'), 8], -2],
    ['operator.mul', [3, to('d')], 18],
    ['operator.floordiv', [to('d'), 4], 1],
    ['operator.floordiv', [-7, to('d')], -2],
    ['operator.mod', [to('d'), 4], 2],
    ['operator.mod', [-1, to('d')], 5],
    ['operator.truediv', [to('d'), 4], 1.5],
    ['operator.pow', [to('d'), 2], 36],
    ['math.sqrt', [to('d')], Math.sqrt(6)],
  ])('%s%j', (target, args, expected) => {
    expect(infer([known, compute('s', target, ...args)]).size).toBe(expected);
  });

  it('x.shape[:-1] + (2, d // 2)', () => {
    const nodes = [
      shape,
      item('front', 'shape', { slice: [null, -1, null] }),
      item('d', 'shape', -1),
      compute('half', 'operator.floordiv', to('d'), 2),
      compute('s', 'operator.add', to('front'), [2, to('half')]),
    ];
    expect(infer(nodes).size).toEqual(['n', 6, 2, 2]);
    expect(infer(nodes, null).size).toBeNull();
  });
});

describe('a view by sizes', () => {
  const view = (...args: readonly Argument[]) => callMethod('f', 'view', [to('x'), ...args]);
  it.each<readonly [string, readonly Node[], Shape, Shape]>([
    ['view(n, -1)', [n, view(to('n'), -1)], ['n', 6, 4], ['n', 24]],
    ['view([n, -1])', [n, view([to('n'), -1])], ['n', 6, 4], ['n', 24]],
    ['view(n, 2, -1)', [n, view(to('n'), 2, -1)], ['n', 6, 4], ['n', 2, 12]],
    ['view(x.size())', [size, view(to('size'))], ['n', 6, 4], ['n', 6, 4]],
    ['view(-1, n)', [n, view(-1, to('n'))], ['n', 6, 4], [24, 'n']],
    ['with open axes behind', [n, view(to('n'), -1)], ['n', 3, '?', '?'], ['n', '?']],
    ['of an unknown tensor', [n, view(to('n'), -1)], null, ['?', '?']],
    ['by a list of unknown length', [size, view(to('size'))], null, null],
    ['that does not fit', [n, view(to('n'), 5, -1)], ['n', 6, 4], ['n', 5, '?']],
  ])('%s', (_, nodes, input, expected) => {
    expect(infer(nodes, input).shape).toEqual(expected);
  });
});

describe('resolve', () => {
  const resolve = (nodes: readonly Node[]) => {
    const model = modelOf([x, ...nodes, output(null)]);
    const last = nodes[nodes.length - 1] ?? x;
    return resolveNode(model, new GraphIndex(model.graph), last);
  };

  it('a view reads its tensor and its sizes', () => {
    expect(resolve([n, callMethod('f', 'reshape', [to('x'), to('n'), -1])])).toEqual({
      op: 'reshape',
      operands: [
        { kind: 'node', node: 'x' },
        { kind: 'size', node: 'n' },
      ],
      attrs: { shape: [{ node: 'n' }, -1] },
    });
  });

  it('arithmetic on tensors takes a size for a number', () => {
    expect(resolve([n, callFunction('f', 'operator.truediv', [to('x'), to('n')])])?.operands).toEqual([
      { kind: 'node', node: 'x' },
      { kind: 'size', node: 'n' },
    ]);
  });

  it('the same functions stay those of tensors where no size is read', () => {
    expect(resolve([callFunction('f', 'operator.mul', [to('x'), to('x')])])?.op).toBe('mul');
    expect(resolve([callFunction('f', 'operator.getitem', [to('x'), 0])])?.op).toBe('getitem');
    expect(resolve([callFunction('f', 'operator.floordiv', [to('x'), 2])])?.op).toBe('binary');
    expect(resolve([callFunction('f', 'getattr', [to('x'), 'dtype'])])).toBeNull();
  });

  it.each<readonly [string, readonly Node[], string]>([
    ['a view by a tensor', [callMethod('f', 'view', [to('x'), to('x')])], '{"node":"x"} is neither'],
    [
      'a function of a size',
      [n, callFunction('f', 'torch.relu', [to('n')])],
      "needs a tensor; 'n' is a size",
    ],
    [
      'a list as a number',
      [size, compute('f', 'operator.mul', to('x'), to('size'))],
      "'size' is a list of sizes",
    ],
    ['a list and a number', [size, compute('f', 'operator.add', to('size'), 1)], 'only another list'],
    [
      'two lists multiplied',
      [size, compute('f', 'operator.mul', to('size'), to('size'))],
      'only another list',
    ],
    ['a word', [n, compute('f', 'operator.add', to('n'), 'a')], 'computes with "a"'],
    ['a pick from a number', [n, item('f', 'n', 0)], 'one index of a list of sizes'],
    ['two indices', [size, item('f', 'size', [0, 1])], 'one index of a list of sizes'],
    ['a computed axis', [n, callMethod('f', 'size', [to('x'), to('n')])], "a whole number for 'dim'"],
  ])('refuses %s', (_, nodes, message) => {
    expect(() => resolve(nodes)).toThrow("Node 'f'");
    expect(() => resolve(nodes)).toThrow(message);
  });
});

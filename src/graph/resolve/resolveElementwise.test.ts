import { expect, it } from 'vitest';
import { GraphIndex } from '../graph';
import type { Argument, Node } from '../node';
import { resolveNode } from '../resolve';
import { callFunction, callMethod, callModule, modelOf, output, placeholder, to } from '../testGraph';

const [x, y] = [to('x'), to('y')];
const F = 'torch.nn.functional';
const fn = (target: string, args: readonly Argument[] = [x], kwargs = {}) =>
  callFunction('f', target, args, kwargs);
const method = (target: string, ...args: readonly Argument[]) => callMethod('f', target, [x, ...args]);
const module = (type: string, attrs = {}) => ({
  node: callModule('f', 'm', [x]),
  modules: { m: { type, attrs } },
});

function resolve(node: Node, modules = {}) {
  const model = modelOf([placeholder('x'), placeholder('y'), node, output(null)], { modules });
  return resolveNode(model, new GraphIndex(model.graph), node);
}

it.each<readonly [string, object, readonly Node[]]>([
  ['unary', { fn: 'neg' }, [fn('torch.neg'), fn('operator.neg'), fn('torch.negative'), method('neg')]],
  [
    'unary',
    { fn: 'abs' },
    [fn('torch.abs'), fn('abs'), fn('operator.abs'), method('abs'), method('absolute')],
  ],
  ['unary', { fn: 'bitwise_not' }, [fn('operator.invert'), fn('torch.bitwise_not'), method('bitwise_not')]],
  ['unary', { fn: 'asin' }, [fn('torch.asin'), fn('torch.arcsin'), method('asin')]],
  ['unary', { fn: 'hardswish' }, [fn(`${F}.hardswish`, [x], { inplace: false })]],
  [
    'unary',
    { fn: 'softplus', beta: 2, threshold: 20 },
    [fn(`${F}.softplus`, [x, 2]), fn('torch._C._nn.softplus', [x], { beta: 2 })],
  ],
  [
    'binary',
    { fn: 'gt' },
    [fn('torch.gt', [x, y]), fn('operator.gt', [x, y]), fn('torch.greater', [x, y]), method('gt', y)],
  ],
  ['binary', { fn: 'maximum' }, [fn('torch.maximum', [x, y]), fn('torch.max', [x, y]), method('max', y)]],
  ['binary', { fn: 'pow' }, [fn('torch.pow', [x, y]), fn('operator.pow', [x, y]), method('pow', y)]],
  [
    'binary',
    { fn: 'floor_divide' },
    [
      fn('operator.floordiv', [x, y]),
      fn('torch.div', [x, y], { rounding_mode: 'floor' }),
      method('floor_divide', y),
    ],
  ],
  ['div', {}, [fn('torch.div', [x, y]), fn('torch.div', [x, y], { rounding_mode: null }), method('div', y)]],
  [
    'reduce',
    { fn: 'sum', dims: [1], keepDim: true },
    [fn('torch.sum', [x, 1, true]), method('sum', [1], true)],
  ],
  [
    'reduce',
    { fn: 'amax', dims: null, keepDim: false },
    [fn('torch.amax'), fn('torch.max'), method('amax', []), method('max')],
  ],
  ['arg_reduce', { fn: 'argmin', dim: null, keepDim: false }, [fn('torch.argmin'), method('argmin')]],
  [
    'arg_reduce',
    { fn: 'argmax', dim: -1, keepDim: true },
    [fn('torch.argmax', [x, -1, true]), method('argmax', -1, true)],
  ],
  [
    'cumsum',
    { dim: 1 },
    [fn('torch.cumsum', [x, 1]), fn('torch.cumsum', [x], { dim: 1 }), method('cumsum', 1)],
  ],
  [
    'log_softmax',
    { dim: -1 },
    [fn(`${F}.log_softmax`, [x, -1]), fn('torch.log_softmax', [x, -1]), method('log_softmax', -1)],
  ],
  [
    'one_hot',
    { classes: 3 },
    [fn(`${F}.one_hot`, [x, 3]), fn('torch._C._nn.one_hot', [x], { num_classes: 3 })],
  ],
])('%s %j', (op, attrs, nodes) => {
  for (const node of nodes) expect(resolve(node), node.target).toMatchObject({ op, attrs });
});

it.each([
  ['torch.nn.Hardswish', {}, { fn: 'hardswish' }],
  ['torch.nn.Hardsigmoid', {}, { fn: 'hardsigmoid' }],
  ['torch.nn.Softplus', { beta: 2 }, { fn: 'softplus', beta: 2, threshold: 20 }],
  ['torch.nn.CELU', { alpha: 0.5 }, { fn: 'celu', alpha: 0.5 }],
  ['torch.nn.Threshold', { threshold: 1, value: 0 }, { fn: 'threshold', threshold: 1, value: 0 }],
])('%s', (type, attrs, expected) => {
  const { node, modules } = module(type, attrs);
  expect(resolve(node, modules)).toMatchObject({ op: 'unary', attrs: expected });
});

it('a choice has its condition first, whichever way it is written', () => {
  const operand = (node: string) => ({ kind: 'node', node });
  expect(resolve(fn('torch.where', [y, x, 1]))?.operands).toEqual([
    operand('y'),
    operand('x'),
    { kind: 'number', value: 1 },
  ]);
  expect(resolve(method('where', y, 1))?.operands).toEqual([
    operand('y'),
    operand('x'),
    { kind: 'number', value: 1 },
  ]);
  expect(resolve(method('masked_fill', y, 1))?.operands).toEqual([
    operand('y'),
    { kind: 'number', value: 1 },
    operand('x'),
  ]);
});

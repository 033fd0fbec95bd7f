import { describe, expect, it } from 'vitest';
import { nodeName } from './ids';
import { inferShapes } from './inferShapes';
import { LINEAR, MIN_MAX_OBSERVER } from './moduleTypes';
import type { Argument, Node } from './node';
import type { Shape } from './shape';
import { floatTensor } from './tensor';
import {
  callFunction,
  callMethod,
  callModule,
  constant,
  modelOf,
  output,
  placeholder,
  to,
} from './testGraph';

const modules = {
  fc: { type: LINEAR, attrs: { in_features: 6, out_features: 4, bias: false } },
  obs: { type: MIN_MAX_OBSERVER, attrs: {} },
  drop: { type: 'torch.nn.Dropout', attrs: { p: 0.5 } },
  act: { type: 'torch.nn.ReLU', attrs: {} },
  odd: { type: 'torch.nn.Unknown', attrs: {} },
};
const params = { w: floatTensor([4, 6], new Float32Array(24)), s: floatTensor([], Float32Array.of(1)) };
const x = placeholder('x');

/** The shape of the last node before the output. */
function shapeOf(
  nodes: readonly Node[],
  inputShapes: Readonly<Record<string, Shape>> = {},
): Shape | undefined {
  const last = nodes[nodes.length - 1];
  const model = modelOf([...nodes, output(to(last?.name ?? ''))], { modules, params, inputShapes });
  return inferShapes(model).get(last?.name ?? nodeName(''));
}
const call = (target: string, ...args: readonly Argument[]) => callFunction('f', target, [to('x'), ...args]);
const method = (target: string, ...args: readonly Argument[]) => callMethod('f', target, [to('x'), ...args]);

describe('an op whose input is', () => {
  it.each<readonly [Shape, Node, Shape]>([
    [['n', 6], callModule('fc', 'fc', [to('x')]), ['n', 4]],
    [['n', 7, 6], callModule('fc', 'fc', [to('x')]), ['n', 7, 4]],
    [['n', 6], callModule('obs', 'obs', [to('x')]), ['n', 6]],
    [['n', 6], callModule('odd', 'odd', [to('x')]), null],
    [['n', 2, 3], call('torch.flatten', 1), ['n', 6]],
    [['n', 2, 3], call('torch.flatten'), ['?']],
    [[5, 2, 3], call('torch.flatten', 0, -2), [10, 3]],
    [['n', 2, 3], call('torch.flatten', 3), null],
    [[4, 6], method('view', -1, 3), [8, 3]],
    [['n', 6], method('view', -1, 6), ['n', 6]],
    [['n', 6], method('view', -1, 3), ['?', 3]],
    [['n', 2, 3], method('reshape', [-1, 6]), ['n', 6]],
    [['n', 2, 3], call('torch.transpose', 1, -1), ['n', 3, 2]],
    [['n', 2], call('torch.transpose', 1, 2), null],
    [['n', 6], call('torch.add', 2), ['n', 6]],
    [['n', 6], callFunction('f', 'operator.sub', [1, to('x')]), ['n', 6]],
    [['n', 6], call('torch.nn.functional.softmax', -1), ['n', 6]],
    [null, call('torch.relu'), null],
  ])('%j', (shape, node, expected) => {
    expect(shapeOf([x, node], { x: shape })).toEqual(expected);
  });

  it.each<readonly [Shape, Shape, string, Shape]>([
    [['n', 1, 3], [2, 1], 'torch.add', ['n', 2, 3]],
    [['n', 3], [4], 'torch.mul', null],
    [['n', 3], ['n', 3], 'torch.mul', ['n', 3]],
    [['n', 3], [5, 3], 'torch.mul', [5, 3]],
    [['n', 2, 3], [3, 5], 'torch.matmul', ['n', 2, 5]],
    [[7, 1, 2, 3], [4, 3, 5], 'torch.matmul', [7, 4, 2, 5]],
    [[3], [3], 'torch.matmul', []],
    [[2, 4, 3], [3], 'torch.matmul', [2, 4]],
    [[3], [2, 3, 4], 'torch.matmul', [2, 4]],
    [null, [3], 'torch.add', null],
  ])('%j and %j', (a, b, target, expected) => {
    const nodes = [x, placeholder('y'), callFunction('f', target, [to('x'), to('y')])];
    expect(shapeOf(nodes, { x: a, y: b })).toEqual(expected);
  });
});

it('knows a constant, and F.linear by its weight', () => {
  expect(shapeOf([constant('c', 'w')])).toEqual([4, 6]);
  expect(shapeOf([constant('c', 's')])).toEqual([]);
  expect(
    shapeOf([x, constant('c', 'w'), callFunction('f', 'torch.nn.functional.linear', [to('x'), to('c')])]),
  ).toEqual(['n', 4]);
});

describe('an input of unknown shape', () => {
  const inputShape = (...nodes: readonly Node[]) =>
    inferShapes(modelOf([x, ...nodes, output(null)], { modules, params })).get(x.name);

  it('takes the width of the Linear that reads it, also through ops that keep the last axis', () => {
    expect(inputShape(callModule('fc', 'fc', [to('x')]))).toEqual(['n', 6]);
    expect(
      inputShape(
        callModule('obs', 'obs', [to('x')]),
        callModule('drop', 'drop', [to('obs')]),
        callModule('fc', 'fc', [to('drop')]),
      ),
    ).toEqual(['n', 6]);
  });

  it('is seen through the scale that equalization put in front of the Linear', () => {
    const scale = 'x_equalization_scale0';
    const scaled = (target: string) =>
      inferShapes(
        modelOf(
          [
            x,
            constant('c', target),
            callFunction('f', 'torch.mul', [to('x'), to('c')]),
            callModule('fc', 'fc', [to('f')]),
            output(null),
          ],
          { modules, params: { ...params, [scale]: floatTensor([1, 6], new Float32Array(6)) } },
        ),
      ).get(x.name);
    expect(scaled(scale)).toEqual(['n', 6]);
    // Of any other constant the value may have got its width.
    expect(scaled('w')).toBeNull();
  });

  it('stays unknown where nothing tells it', () => {
    expect(inputShape()).toBeNull();
    expect(inputShape(call('torch.flatten', 1), callModule('fc', 'fc', [to('f')]))).toBeNull();
  });

  it('is found past a reader that tells nothing', () => {
    expect(inputShape(callModule('act', 'act', [to('x')]), callModule('fc', 'fc', [to('x')]))).toEqual([
      'n',
      6,
    ]);
  });

  it('is what the file says, where it says so', () => {
    expect(shapeOf([x, callModule('fc', 'fc', [to('x')])], { x: [1, 9, 6] })).toEqual([1, 9, 4]);
  });
});

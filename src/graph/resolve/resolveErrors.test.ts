import { describe, expect, it } from 'vitest';
import { GraphError, UnsupportedOpError } from '../errors';
import { GraphIndex } from '../graph';
import { nodeName } from '../ids';
import type { ModuleSpec } from '../model';
import { LINEAR } from '../moduleTypes';
import type { Argument, Node } from '../node';
import { assertSupported, opOf } from '../resolve';
import { floatTensor } from '../tensor';
import {
  callFunction,
  callMethod,
  callModule,
  constant,
  modelOf,
  output,
  placeholder,
  to,
} from '../testGraph';
import { F, fn, method, resolverBehind, x } from './testCalls';

const params = { w: floatTensor([2, 3], new Float32Array(6)), v: floatTensor([3], new Float32Array(3)) };
const surroundings = [placeholder('x'), placeholder('y'), constant('w'), constant('v')];

const resolve = resolverBehind(surroundings, params);
const LINEAR_ATTRS = { in_features: 3, out_features: 2, bias: true };

describe('bad arguments are refused, naming the node', () => {
  const module = (spec: ModuleSpec, ...args: readonly Argument[]) =>
    [callModule('f', 'm', args), { m: spec }] as const;
  it.each<readonly [string, readonly [Node, Readonly<Record<string, ModuleSpec>>?], string]>([
    ['no such parameter', [fn('torch.relu', [x], { inplace: true })], "has no parameter 'inplace'"],
    ['a list for a tensor', [fn('torch.relu', [[x]])], "needs a tensor or a number for 'input'"],
    ['scaled addition', [fn('torch.add', [x, to('y')], { alpha: 2 })], 'alpha=2 is not supported'],
    [
      'division rounded in an unknown way',
      [fn('torch.div', [x, 2], { rounding_mode: 'even' })],
      'rounding_mode="even" is not supported',
    ],
    ['dropout in training', [fn(`${F}.dropout`, [x, 0.5, true])], 'training=true is not supported'],
    ['an open number of classes', [fn(`${F}.one_hot`, [x])], 'F.one_hot(x, 10)'],
    [
      'a sum in another type',
      [fn('torch.sum', [x], { dtype: { dtype: 'torch.int64' } })],
      'is not supported',
    ],
    ['softmax over nothing', [fn('torch.softmax')], "needs a number for 'dim', got undefined"],
    [
      'a computed shape',
      [method('view', to('y'), 2)],
      'needs whole numbers and sizes of tensors for a shape',
    ],
    ['to a device', [method('to', 'cuda')], 'needs a dtype for \'dtype\', got "cuda"'],
    [
      'a computed weight',
      [fn(`${F}.linear`, [x, to('y')])],
      "needs a tensor from a get_attr node for 'weight'",
    ],
    ['no weight', [fn(`${F}.linear`, [x])], "needs a 'weight'"],
    ['a 1-D weight', [fn(`${F}.linear`, [x, to('v')])], 'needs a weight of 2 axes'],
    [
      'a computed bias',
      [fn(`${F}.linear`, [x, to('w'), to('y')])],
      "needs a tensor from a get_attr node for 'bias'",
    ],
    [
      'a module with two inputs',
      module({ type: 'torch.nn.ReLU', attrs: {} }, x, to('y')),
      'must have one tensor argument',
    ],
    [
      'a module of a number',
      module({ type: 'torch.nn.ReLU', attrs: {} }, 3),
      'must have one tensor argument, got [3]',
    ],
    [
      'a module that is not there',
      [callModule('f', 'gone', [x])],
      "calls module 'gone', which the model does not have",
    ],
  ])('%s', (_, [node, modules], message) => {
    expect(() => resolve(node, modules)).toThrow(GraphError);
    expect(() => resolve(node, modules)).toThrow("Node 'f'");
    expect(() => resolve(node, modules)).toThrow(message);
  });

  it.each([
    [
      'torch.nn.Softmax',
      { dim: null },
      "Module 'm' (torch.nn.Softmax): attribute 'dim' must be a number, got null.",
    ],
    [LINEAR, { in_features: '3', out_features: 2 }, 'attribute \'in_features\' must be a number, got "3"'],
    ['torch.ao.nn.quantized.Linear', LINEAR_ATTRS, "attribute 'scale' must be a number"],
  ])('%s %j', (type, attrs, message) => {
    expect(() => resolve(callModule('f', 'm', [x]), { m: { type, attrs } })).toThrow(message);
  });
});

describe('unknown ops', () => {
  const odd = { type: 'torch.nn.Conv9d', attrs: {} };
  const model = modelOf(
    [
      placeholder('x'),
      callFunction('fft', 'torch.fft.fft', [x]),
      callModule('c1', 'conv', [x]),
      callFunction('fft_1', 'torch.fft.fft', [to('fft')]),
      callMethod('cummax', 'cummax', [x]),
      callFunction('relu', 'torch.relu', [x]),
      callFunction('ctor', 'constructor', [x]),
      callMethod('str', 'toString', [x]),
      output(to('relu')),
    ],
    { modules: { conv: odd } },
  );
  const index = new GraphIndex(model.graph);

  it('are all listed in one error, with counts and where each was first seen', () => {
    let error: unknown = null;
    try {
      assertSupported(model, index);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(UnsupportedOpError);
    expect(error).toMatchObject({
      ops: [
        { op: 'torch.fft.fft', count: 2, firstNode: 'fft' },
        { op: 'torch.nn.Conv9d', count: 1, firstNode: 'c1' },
        { op: 'cummax', count: 1, firstNode: 'cummax' },
        { op: 'constructor', count: 1, firstNode: 'ctor' },
        { op: 'toString', count: 1, firstNode: 'str' },
      ],
      message: expect.stringContaining(
        "5 ops the studio does not support: torch.fft.fft (2×, first at 'fft'),",
      ),
    });
  });

  it('one alone is named, too', () => {
    const node = index.get(nodeName('cummax'));
    expect(() => opOf(model, index, node)).toThrow(
      "Node 'cummax' calls cummax, which the studio does not know.",
    );
    const one = modelOf([placeholder('x'), node, output(null)]);
    expect(() => assertSupported(one, new GraphIndex(one.graph))).toThrow(
      "uses an op the studio does not support: cummax (1×, first at 'cummax').",
    );
  });
});

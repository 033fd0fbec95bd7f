import { describe, expect, it } from 'vitest';
import { GraphError } from './errors';
import { lint } from './lint';
import type { Model } from './model';
import { LINEAR } from './moduleTypes';
import { floatTensor, type Tensor } from './tensor';
import { callFunction, callModule, constant, modelOf, output, placeholder, to } from './testGraph';

const values = (...shape: number[]) => floatTensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
const attrs = { in_features: 3, out_features: 2, bias: true };
const fc = (params: Readonly<Record<string, Tensor>>, type = LINEAR, more = {}) =>
  modelOf([placeholder('x'), callModule('fc', 'fc', [to('x')]), output(to('fc'))], {
    modules: { fc: { type, attrs: { ...attrs, ...more } } },
    params,
  });
const whole = { 'fc.weight': values(2, 3), 'fc.bias': values(2) };
const x = placeholder('x');
const relu = callFunction('relu', 'torch.relu', [to('x')]);
const linear = (...args: Parameters<typeof to>[0][]) =>
  callFunction('linear', 'torch.nn.functional.linear', args.map(to));

/** A rule, a model that breaks it, what the message must say and which node it must name. */
const BROKEN: readonly (readonly [string, Model, string, string | null])[] = [
  ['it has nodes', modelOf([]), 'The graph has no nodes.', null],
  ['it ends in an output', modelOf([x, relu]), "must end in an output node, not in 'relu'", 'relu'],
  ['names are unique', modelOf([x, relu, relu, output(to('relu'))]), "Two nodes are named 'relu'.", 'relu'],
  [
    'one output',
    modelOf([x, output(to('x')), output(to('x'))]),
    "'output' must be the last node; it stands at 2 of 3",
    'output',
  ],
  [
    'arguments are defined',
    modelOf([x, output(to('y'))]),
    "Node 'output' reads 'y', which is not defined before it.",
    'output',
  ],
  [
    'arguments are defined earlier, in lists and keywords too',
    modelOf([
      x,
      callFunction('cat', 'torch.add', [to('x')], { other: [to('late')] }),
      constant('late'),
      output(null),
    ]),
    "Node 'cat' reads 'late'",
    'cat',
  ],
  [
    'a node does not read itself',
    modelOf([callFunction('f', 'torch.relu', [to('f')]), output(to('f'))]),
    "Node 'f' reads 'f'",
    'f',
  ],
  [
    'tensors exist',
    modelOf([constant('w', 'block.w'), output(to('w'))]),
    "Node 'w' reads tensor 'block.w', which the file does not have.",
    'w',
  ],
  [
    'tensors exist, whatever JavaScript objects inherit',
    modelOf([constant('w', 'constructor'), output(to('w'))]),
    "reads tensor 'constructor', which the file does not have",
    'w',
  ],
  [
    'modules exist',
    modelOf([x, callModule('act', 'block.act', [to('x')]), output(to('act'))]),
    "Node 'act' calls module 'block.act', which the file does not have.",
    'act',
  ],
  [
    'modules exist, whatever JavaScript objects inherit',
    modelOf([x, callModule('act', 'toString', [to('x')]), output(to('act'))]),
    "calls module 'toString', which the file does not have",
    'act',
  ],
  [
    'a Linear has its weight',
    fc({}),
    "Node 'fc' needs tensor 'fc.weight', which the file does not have.",
    'fc',
  ],
  ['a Linear has its bias', fc({ 'fc.weight': values(2, 3) }), "needs tensor 'fc.bias'", 'fc'],
  [
    'a weight is [out, in]',
    fc({ ...whole, 'fc.weight': values(3, 2) }),
    "Tensor 'fc.weight' of node 'fc' has shape [3, 2]; [2, 3] is expected.",
    'fc',
  ],
  ['a bias is [out]', fc({ ...whole, 'fc.bias': values(1, 2) }), 'has shape [1, 2]; [2] is expected', 'fc'],
  [
    'a weight is float32',
    fc({ ...whole, 'fc.weight': { dtype: 'int32', shape: [2, 3], data: new Int32Array(6) } }),
    "Tensor 'fc.weight' of node 'fc' is int32; a Linear needs float32.",
    'fc',
  ],
  [
    'a quantized Linear is checked too',
    fc({ ...whole, 'fc.weight': values(3, 2) }, 'torch.ao.nn.quantized.Linear', { scale: 1, zero_point: 0 }),
    'has shape [3, 2]; [2, 3] is expected',
    'fc',
  ],
  [
    "F.linear's bias fits its weight",
    modelOf([x, constant('w'), constant('b'), linear('x', 'w', 'b'), output(to('linear'))], {
      params: { w: values(2, 3), b: values(3) },
    }),
    "Tensor 'b' of node 'linear' has shape [3]; [2] is expected.",
    'linear',
  ],
];

describe('lint refuses', () => {
  it.each(BROKEN)('a graph where not: %s', (_, model, message, node) => {
    let error: unknown = null;
    try {
      lint(model);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(GraphError);
    expect(error).toMatchObject({ message: expect.stringContaining(message), node });
  });
});

describe('lint accepts', () => {
  it.each([
    ['a Linear', fc(whole)],
    ['a Linear without bias', fc({ 'fc.weight': values(2, 3) }, LINEAR, { bias: false })],
    ['an op that it does not know', modelOf([x, callFunction('f', 'torch.fft', [to('x')]), output(to('f'))])],
    ['several outputs', modelOf([x, relu, output([to('relu'), to('x')])])],
    ['a graph without inputs', modelOf([constant('w'), output(to('w'))], { params: { w: values(1) } })],
  ])('%s', (_, model) => {
    expect(() => lint(model)).not.toThrow();
  });
});

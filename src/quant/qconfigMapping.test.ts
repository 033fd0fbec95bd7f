import { describe, expect, it } from 'vitest';
import type { TestModel } from '../exec/testModel';
import { GraphIndex } from '../graph/graph';
import { nodeName } from '../graph/ids';
import { checkFusedTypes, pytorchFusedChoices } from './choices';
import { fuse } from './fuse/fuse';
import { placeholder } from './observers/placeholder';
import { QCONFIG_PRESETS, type QConfig } from './qconfig';
import {
  activationObserverOf,
  mappingOf,
  type QConfigMapping,
  qconfigOf,
  weightObserverOf,
} from './qconfigMapping';
import { bothForms } from './testConvert';
import { buildModel, observe, observedText } from './testPrepare';

const { default: plain, fbgemm, qnnpack } = QCONFIG_PRESETS;
const F_RELU = 'torch.nn.functional.relu';
const square = [
  [1, 2],
  [3, 4],
];
const linear = (g: TestModel, name: string, input = 'x') => g.linear(name, input, square);
const mapping = (parts: Partial<QConfigMapping>): QConfigMapping => ({ ...mappingOf(plain), ...parts });

/** Modules encoder.fc1, encoder.fc2 and head; encoder.fc1 is called twice; a functional ReLU and a fused one. */
const model = fuse(
  buildModel((g) => {
    const first = linear(g, 'encoder.fc1');
    const relu = g.call('relu', F_RELU, linear(g, 'encoder.fc2', g.again('again', 'encoder.fc1', first)));
    return g.call('add', 'operator.add', linear(g, 'head', relu), 'x');
  }),
).model;
const index = new GraphIndex(model.graph);
const nameOf = (parts: Partial<QConfigMapping>, node: string): string | undefined =>
  qconfigOf(mapping(parts), model, index.get(nodeName(node)))?.name;

describe('the qconfig of a node is', () => {
  it.each<readonly [string, Partial<QConfigMapping>, string, string | undefined]>([
    ['the global one', {}, 'head', 'default'],
    ['that of its type', { byType: { 'torch.nn.Linear': fbgemm } }, 'head', 'fbgemm'],
    ['that of its function', { byType: { 'operator.add': fbgemm } }, 'add', 'fbgemm'],
    [
      'that of the first type of a fused module',
      { byType: { 'torch.nn.Linear': fbgemm } },
      'encoder.fc2',
      'fbgemm',
    ],
    [
      'that of its module before its type',
      { byType: { 'torch.nn.Linear': fbgemm }, byName: { head: qnnpack } },
      'head',
      'qnnpack',
    ],
    ['that of the module around it', { byName: { encoder: qnnpack } }, 'encoder.fc2', 'qnnpack'],
    [
      'that of the innermost module that has one',
      { byName: { encoder: qnnpack, 'encoder.fc2': fbgemm } },
      'encoder.fc2',
      'fbgemm',
    ],
    [
      'its own before its module’s',
      { byName: { 'encoder.fc1': fbgemm, again: qnnpack } },
      'again',
      'qnnpack',
    ],
    ['none, where a name says so', { byName: { head: null } }, 'head', undefined],
    ['none, where a type says so', { byType: { 'torch.nn.Linear': null } }, 'head', undefined],
    ['none for an input', {}, 'x', undefined],
  ])('%s', (_, parts, node, expected) => {
    expect(nameOf(parts, node)).toBe(expected);
  });

  it('not found on Object’s prototype', () => {
    expect(nameOf({}, 'encoder.fc1')).toBe('default');
    const odd = buildModel((g) => linear(g, 'constructor'));
    const [, node] = odd.graph.nodes;
    expect(node && qconfigOf(mappingOf(plain), odd, node)?.name).toBe('default');
  });
});

describe('a PlaceholderObserver', () => {
  const head = index.get(nodeName('head'));
  const observers = (global: QConfig) => [
    activationObserverOf(mappingOf(global), model, head)?.kind,
    weightObserverOf(mappingOf(global), model, head)?.kind,
  ];
  it('leaves activations, or a weight, in float', () => {
    expect(observers(plain)).toEqual(['minmax', 'minmax']);
    expect(observers({ ...plain, weight: placeholder() })).toEqual(['minmax', undefined]);
    expect(observers({ ...plain, activation: placeholder() })).toEqual([undefined, undefined]);
  });
});

describe('fused types in PyTorch', () => {
  const byType = (choices: QConfigMapping['byType']) => mapping({ byType: choices });
  const [LINEAR, RELU] = ['torch.nn.Linear', 'torch.nn.ReLU'];
  const refuses = (choices: QConfigMapping) => () => checkFusedTypes(choices, model, 'qconfigs');

  it('are refused where their parts differ; not set is the same as none', () => {
    expect(refuses(byType({ [LINEAR]: fbgemm }))).toThrow(/'encoder.fc2' is fused to LinearReLU/);
    expect(refuses(byType({ [LINEAR]: fbgemm, [RELU]: qnnpack }))).toThrow(/different qconfigs/);
    expect(refuses(byType({ [RELU]: fbgemm }))).toThrow(/encoder.fc2/);
    expect(refuses(byType({ [LINEAR]: fbgemm, [RELU]: fbgemm }))).not.toThrow();
    expect(refuses(byType({ [LINEAR]: null }))).not.toThrow();
    expect(refuses(mappingOf(plain))).not.toThrow();
  });

  it('take the choice of their first part, but none leaves them the global one', () => {
    const named = (choices: QConfigMapping, node: string) =>
      qconfigOf(pytorchFusedChoices(choices, model), model, index.get(nodeName(node)))?.name;
    const both = byType({ [LINEAR]: fbgemm, [RELU]: fbgemm });
    expect([named(both, 'encoder.fc2'), named(both, 'head')]).toEqual(['fbgemm', 'fbgemm']);
    const none = byType({ [LINEAR]: null, [RELU]: null });
    expect([named(none, 'encoder.fc2'), named(none, 'head')]).toEqual(['default', undefined]);
    const own = byType({ [LINEAR]: null, 'torch.nn.intrinsic.LinearReLU': qnnpack });
    expect(named(own, 'encoder.fc2')).toBe('qnnpack');
  });
});

it('a function that stands in two namespaces has the choice for either name', () => {
  const conv = buildModel((g) => g.call('f', 'torch.conv2d', 'x', 'x'));
  const [, call] = conv.graph.nodes;
  const named = (type: string) =>
    call && qconfigOf(mapping({ byType: { [type]: fbgemm } }), conv, call)?.name;
  expect(['torch.conv2d', 'torch.nn.functional.conv2d', 'torch.conv1d'].map(named)).toEqual([
    'fbgemm',
    'fbgemm',
    'default',
  ]);
});

/** As prepare_fx of PyTorch 1.13.1 observes them, with `set_module_name` for the names. */
describe('observers', () => {
  const two = buildModel((g) => linear(g, 'b', linear(g, 'a')));
  it.each<readonly [string, Partial<QConfigMapping>, string]>([
    ['of a first layer in float', { byName: { a: null } }, 'a(x); b(a*); output(b*) | a minmax, b minmax'],
    ['of a last layer in float', { byName: { b: null } }, 'a(x*); b(a*); output(b) | x minmax, a minmax'],
    ['of nothing', { global: null }, 'a(x); b(a); output(b) | '],
    [
      'of other classes',
      { byName: { b: fbgemm } },
      'a(x*); b(a*); output(b*) | x minmax, a minmax, b histogram',
    ],
  ])('%s', (_, parts, expected) => {
    expect(observedText(two, mapping(parts))).toBe(expected);
  });

  it('one a class of observer, where readers of one value differ', () => {
    const branch = buildModel((g) => [linear(g, 'a'), linear(g, 'b'), linear(g, 'c')]);
    const parts = { byName: { b: qnnpack } };
    expect(observedText(branch, mapping(parts))).toBe(
      'a(x*); b(x*); c(x*); output(a*, b*, c*) | x histogram, x minmax, a minmax, b histogram, c minmax',
    );
  });

  it('a layer in float keeps its weight and stays a float module', () => {
    const { observed, lowered: converted } = bothForms(observe(two, mapping({ byName: { a: null } })));
    expect(Object.entries(converted.modules).map(([name, { type }]) => [name, type])).toEqual([
      ['a', 'torch.nn.Linear'],
      ['b', 'torch.ao.nn.quantized.Linear'],
    ]);
    expect(converted.params['a.weight' as never]).toBe(observed.params['a.weight' as never]);
  });
});

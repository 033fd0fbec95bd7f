import { describe, expect, it } from 'vitest';
import type { TestModel } from '../../exec/testModel';
import { moduleName, paramName } from '../../graph/ids';
import { floatTensor } from '../../graph/tensor';
import { to } from '../../graph/testGraph';
import { fuse } from '../../quant/fuse/fuse';
import { type Build, buildModel, observe } from '../../quant/testPrepare';
import { insertEqualizationObservers } from '../insertEqualizationObservers';
import { findRegions } from './regions';
import { regionsOf } from './testRegions';

const F = 'torch.nn.functional';
const square = [
  [1, 2],
  [3, 4],
];
const linear = (g: TestModel, name: string, input: string) => g.linear(name, input, square, [1, 2]);
const a = (g: TestModel) => linear(g, 'a', 'x');
const weight = (g: TestModel, name: string) =>
  g.constant(name, floatTensor([2, 2], Float32Array.of(1, 2, 3, 4)));
const add = (g: TestModel, left: string, right: string) => g.call('add', 'operator.add', left, right);
const module = (type: string, attrs = {}) => ({ type: `torch.nn.${type}`, attrs });

const OF_X = 'mul x → a: input x';

/** Graphs whose second layer `b` reads `a` through something. */
const BETWEEN: Record<string, readonly [(g: TestModel, value: string) => string, string]> = {
  nothing: [(_, value) => value, 'fold a → b [a*]'],
  'a ReLU that fuses': [(g, v) => g.call('relu', `${F}.relu`, v), 'fold a → b [a*]'],
  'a ReLU that does not': [(g, v) => g.call('relu', 'torch.relu', v), 'fold a → b [a*, relu*]'],
  'a method relu': [(g, v) => g.method('relu', 'relu', v), 'fold a → b [a*, relu*]'],
  LeakyReLU: [(g, v) => g.module('f', v, module('LeakyReLU')), 'fold a → b [a*, f*]'],
  Identity: [(g, v) => g.module('f', v, module('Identity')), 'fold a → b [a*, f*]'],
  Dropout: [(g, v) => g.module('f', v, module('Dropout')), 'fold a → b [a*, f*]'],
  contiguous: [(g, v) => g.method('f', 'contiguous', v), 'fold a → b [a*, f*]'],
  Sigmoid: [(g, v) => g.module('f', v, module('Sigmoid')), 'mul f → b: barrier f sigmoid'],
  Tanh: [(g, v) => g.call('relu_like', 'torch.tanh', v), 'mul relu_like → b: barrier relu_like tanh'],
  softmax: [(g, v) => g.call('f', `${F}.softmax`, v, -1), 'mul f → b: barrier f softmax'],
  flatten: [(g, v) => g.call('f', 'torch.flatten', v, 1), 'fold a → b [a*, f*]'],
  view: [(g, v) => g.method('f', 'view', v, -1, 2), 'fold a → b [a*, f*]'],
  transpose: [(g, v) => g.call('f', 'torch.transpose', v, 0, 1), 'mul f → b: unknown-shape f transpose'],
  'an addition': [(g, v) => add(g, v, weight(g, 'c')), 'fold a, add → b [a*, add*]'],
  'a view by its size': [
    (g, v) => g.method('f', 'view', v, g.method('n', 'size', v, 0), -1),
    'fold a → b [a*, f*]',
  ],
  'a reader of its size': [
    (g, v) => {
      g.shape('shape', v);
      return v;
    },
    'fold a → b [a*]',
  ],
  'a quotient by its size': [
    (g, v) => g.call('f', 'operator.truediv', v, g.method('n', 'size', v, -1)),
    'fold a → b [a*, f*]',
  ],
  'a product with a number': [(g, v) => g.call('f', 'operator.mul', v, 2), 'fold a → b [a*, f*]'],
  relu6: [(g, v) => g.module('f', v, module('ReLU6')), 'mul f → b: barrier f relu6'],
  gelu: [(g, v) => g.call('f', `${F}.gelu`, v), 'mul f → b: barrier f gelu'],
  'F.layer_norm': [(g, v) => g.call('f', `${F}.layer_norm`, v, [2]), 'mul f → b: barrier f layer_norm'],
  permute: [(g, v) => g.method('f', 'permute', v, 1, 0), 'mul f → b: unknown-shape f permute'],
  cat: [(g, v) => g.call('f', 'torch.cat', [to(v), to(v)], 0), 'fold a → b [a*, f*]'],
  'a pool': [(g, v) => g.call('f', `${F}.max_pool1d`, v, 1), 'mul f → b: windows f max_pool'],
  'a negative slope': [(g, v) => g.call('f', `${F}.leaky_relu`, v, -2), 'fold a → b [a*, f*]'],
  'ReLU and sigmoid': [
    (g, v) => g.call('relu', 'torch.relu', g.call('sigmoid', 'torch.sigmoid', v)),
    'mul relu → b: barrier sigmoid sigmoid',
  ],
};

describe('a layer behind a layer, with between them', () => {
  it.each(Object.entries(BETWEEN))('%s', (_, [between, expected]) => {
    expect(regionsOf((g) => linear(g, 'b', between(g, a(g))))).toEqual([OF_X, expected]);
  });
});

const GRAPHS: Record<string, readonly [Build, readonly string[]]> = {
  'an op that a scale passes behind the input': [
    (g) => linear(g, 'b', g.call('relu', 'torch.relu', 'x')),
    ['mul relu → b: input x'],
  ],
  'layers of one tensor share one scale': [
    (g) => [linear(g, 'q', 'x'), linear(g, 'k', 'x'), linear(g, 'v', 'x')],
    ['mul x → q, k, v: input x'],
  ],
  'layers behind one producer fold together, also through different ops': [
    (g) => {
      const value = a(g);
      return [linear(g, 'b', value), linear(g, 'c', g.call('relu', 'torch.relu', value))];
    },
    [OF_X, 'fold a → b, c [a*, relu*]'],
  ],
  'another reader of the producer': [
    (g) => {
      const value = a(g);
      return add(g, linear(g, 'b', value), value);
    },
    [OF_X, 'mul a → b: other-reader add output'],
  ],
  'another reader behind a ReLU': [
    (g) => {
      const relu = g.call('relu', 'torch.relu', a(g));
      return [linear(g, 'b', relu), g.call('f', 'torch.sigmoid', relu)];
    },
    [OF_X, 'mul relu → b: other-reader relu f'],
  ],
  'the producer is an output': [
    (g) => {
      const value = a(g);
      return [linear(g, 'b', value), value];
    },
    [OF_X, 'mul a → b: other-reader a output'],
  ],
  'two tensors of one producer that cannot fold are two regions': [
    (g) => {
      const value = a(g);
      const relu = g.call('relu', 'torch.relu', value);
      return [linear(g, 'b', value), linear(g, 'c', relu), value];
    },
    [OF_X, 'mul a → b: other-reader a output', 'mul relu → c: other-reader a output'],
  ],
  'a producer that is called twice': [
    (g) => linear(g, 'b', g.again('a_1', 'a', a(g))),
    ['mul a_1 → b: producer-shared a_1 2'],
  ],
  'a producer whose bias another call reads': [
    (g) => {
      const bias = g.constant('bias', floatTensor([2], Float32Array.of(1, 2)));
      const f = g.call('f', `${F}.linear`, 'x', weight(g, 'w'), bias);
      return [linear(g, 'b', f), g.call('h', `${F}.linear`, 'x', weight(g, 'w2'), bias)];
    },
    ['mul x → f, h: input x', 'mul f → b: producer-shared f 2'],
  ],
  'a functional producer and a functional layer': [
    (g) => {
      const f = g.call('f', `${F}.linear`, 'x', weight(g, 'w'));
      return g.call('h', `${F}.linear`, g.call('relu', `${F}.relu`, f), weight(g, 'w2'));
    },
    ['mul x → f: input x', 'fold f → h [relu*]'],
  ],
  'an op without a name for it': [
    (g) => linear(g, 'b', g.call('odd', 'torch.odd', 'x')),
    ['mul odd → b: unknown-shape odd torch.odd'],
  ],
  'a constant in front, and a layer whose weight two calls read': [
    (g) => [linear(g, 'b', weight(g, 'w')), g.again('c_1', 'c', linear(g, 'c', 'x'))],
    [],
  ],
};

describe('regions', () => {
  it.each(Object.entries(GRAPHS))('%s', (_, [build, expected]) => {
    expect(regionsOf(build)).toEqual(expected);
  });

  it('an excluded layer is a foreign reader, and can still take a scale into its rows', () => {
    const chain: Build = (g) => linear(g, 'b', a(g));
    expect(regionsOf(chain, ['a'])).toEqual(['fold a → b [a*]']);
    expect(regionsOf(chain, ['b'])).toEqual([OF_X]);
    const fork: Build = (g) => {
      const value = a(g);
      return [linear(g, 'b', value), linear(g, 'c', value)];
    };
    expect(regionsOf(fork, ['c'])).toEqual([OF_X, 'mul a → b: other-reader a c']);
  });
});

describe('regions that are asked for again', () => {
  const prepared = () => {
    const model = { ...buildModel((g) => linear(g, 'b', a(g))), inputShapes: { x: null } };
    const config = { semantics: 'exact' as const, excluded: new Set<string>() };
    return insertEqualizationObservers(fuse(model).model, observe(model), config).model;
  };
  const [model, regions] = [prepared(), findRegions(prepared())];

  it('are those that were found before, whatever the observers have seen since', () => {
    const seen = Object.fromEntries(
      Object.entries(model.equalizationObservers).map(([name, { axis }]) => [name, { axis, channels: null }]),
    );
    expect(findRegions(model)).toEqual(regions);
    expect(findRegions({ ...model, equalizationObservers: seen })).toBe(findRegions(model));
  });

  it('are found anew where the model is another one', () => {
    const [first = ''] = Object.keys(model.equalizationObservers);
    const { [moduleName(first)]: _, ...others } = model.equalizationObservers;
    expect(findRegions({ ...model, equalizationObservers: others })).not.toEqual(regions);
    expect(findRegions({ ...model, tied: [[paramName('a.weight'), paramName('b.weight')]] })).not.toEqual(
      regions,
    );
    expect(findRegions(model)).toEqual(regions);
  });
});

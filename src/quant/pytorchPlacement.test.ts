import { describe, expect, it } from 'vitest';
import type { TestModel } from '../exec/testModel';
import { floatTensor } from '../graph/tensor';
import { to } from '../graph/testGraph';
import { type Build, buildModel, observedText } from './testPrepare';

/* Where PyTorch 1.13.1 observes otherwise than the ops alone would say: as its prepare_fx does it. */

const F = 'torch.nn.functional';
const square = [
  [1, 2],
  [3, 4],
];
const fc = (g: TestModel, input = 'x', name = 'fc') => g.linear(name, input, square, [1, 2]);
const size = (g: TestModel, value: string) => g.method('size', 'size', value, 0);
const view = (g: TestModel, value: string, count: string) => g.method('view', 'view', value, count, -1);
const weight = floatTensor([2], Float32Array.of(1, 2));
const norm = (g: TestModel, value: string) =>
  g.call('norm', `${F}.layer_norm`, value, [2], g.constant('w', weight));

const [X, FC] = ['x minmax', 'fc minmax'];
/** What is observed in PyTorch semantics, and in exact semantics. */
const GRAPHS: Record<string, readonly [Build, string, string]> = {
  'a view by the size of its tensor': [
    (g) => fc(g, view(g, fc(g), size(g, 'fc')), 'b'),
    'fc(x); size(fc); view(fc, size); b(view); output(b*) | b minmax',
    `fc(x*); size(fc*); view(fc*, size); b(view*); output(b*) | ${X}, ${FC}, view as fc, b minmax`,
  ],
  'a view by its shape': [
    (g) => {
      g.shape('shape', fc(g));
      return view(g, 'fc', g.call('n', 'operator.getitem', 'shape', 0));
    },
    `fc(x*); shape(fc*); n(shape); view(fc*, n); output(view*) | ${X}, ${FC}, view as fc`,
    `fc(x*); shape(fc*); n(shape); view(fc*, n); output(view*) | ${X}, ${FC}, view as fc`,
  ],
  'a view by the size of the input': [
    (g) => view(g, fc(g), size(g, 'x')),
    `fc(x); size(x); view(fc*, size); output(view*) | ${FC}, view as fc`,
    `fc(x*); size(x); view(fc*, size); output(view*) | ${X}, ${FC}, view as fc`,
  ],
  'a view of the input by its size keeps an observer of its own': [
    (g) => fc(g, view(g, 'x', size(g, 'x'))),
    `size(x); view(x, size); fc(view*); output(fc*) | view minmax, ${FC}`,
    `size(x); view(x*, size); fc(view*); output(fc*) | ${X}, view as x, ${FC}`,
  ],
  'a size goes through a quotient, not through a product': [
    (g) => {
      const half = g.call('half', 'operator.floordiv', size(g, fc(g)), 1);
      return view(g, 'fc', half);
    },
    'fc(x); size(fc); half(size); view(fc, half); output(view) | ',
    `fc(x*); size(fc*); half(size); view(fc*, half); output(view*) | ${X}, ${FC}, view as fc`,
  ],
  'a product of a size': [
    (g) => {
      const twice = g.call('twice', 'operator.mul', size(g, fc(g)), 1);
      return view(g, 'fc', twice);
    },
    `fc(x*); size(fc*); twice(size); view(fc*, twice); output(view*) | ${X}, ${FC}, view as fc`,
    `fc(x*); size(fc*); twice(size); view(fc*, twice); output(view*) | ${X}, ${FC}, view as fc`,
  ],
  'a tensor times its size': [
    (g) => g.call('mul', 'operator.mul', fc(g), size(g, 'fc')),
    `fc(x*); size(fc*); mul(fc*, size); output(mul*) | ${X}, ${FC}, mul as fc`,
    `fc(x*); size(fc*); mul(fc*, size); output(mul*) | ${X}, ${FC}, mul as fc`,
  ],
  'F.layer_norm with a weight': [
    (g) => fc(g, norm(g, fc(g)), 'b'),
    `fc(x*); norm(fc*, w); b(norm); output(b*) | ${X}, ${FC}, b minmax`,
    `fc(x*); norm(fc*, w); b(norm*); output(b*) | ${X}, ${FC}, norm minmax, b minmax`,
  ],
  'an op behind it shares the observer before it': [
    (g) => g.call('flat', 'torch.flatten', norm(g, fc(g)), 1),
    `fc(x*); norm(fc*, w); flat(norm); output(flat*) | ${X}, ${FC}, flat as fc`,
    `fc(x*); norm(fc*, w); flat(norm*); output(flat*) | ${X}, ${FC}, norm minmax, flat as norm`,
  ],
  'where there is none, it has none': [
    (g) => g.call('flat', 'torch.flatten', norm(g, 'x'), 1),
    'norm(x, w); flat(norm); output(flat) | ',
    'norm(x, w); flat(norm*); output(flat*) | norm minmax, flat as norm',
  ],
  'cat over it': [
    (g) => g.call('cat', 'torch.cat', [to(fc(g)), to(norm(g, fc(g, 'x', 'b')))]),
    `fc(x*); b(x*); norm(b*, w); cat(fc*, norm); output(cat*) | ${X}, ${FC}, b as fc, cat as fc`,
    `fc(x*); b(x*); norm(b*, w); cat(fc*, norm*); output(cat*) | ${X}, ${FC}, b minmax, norm as fc, cat as fc`,
  ],
  'an addition with one operand by keyword': [
    (g) => g.callByName('add', 'torch.add', [fc(g)], { other: fc(g, 'x', 'b') }),
    `fc(x*); b(x*); add(fc*, b*); output(add*) | ${X}, ${FC}, b minmax, add as fc`,
    `fc(x*); b(x*); add(fc*, b*); output(add*) | ${X}, ${FC}, b minmax, add minmax`,
  ],
  'an op whose input is given by keyword': [
    (g) => g.callByName('flat', 'torch.flatten', [], { input: fc(g) }),
    `fc(x*); flat(fc*); output(flat) | ${X}, ${FC}`,
    `fc(x*); flat(fc*); output(flat*) | ${X}, ${FC}, flat as fc`,
  ],
};

describe('observers stand as in PyTorch 1.13.1', () => {
  it.each(Object.entries(GRAPHS))('%s', (_, [build, pytorch]) => {
    expect(observedText(buildModel(build), undefined, 'pytorch')).toBe(pytorch);
  });

  it.each(Object.entries(GRAPHS))('%s: in exact semantics all is observed', (_, [build, , exact]) => {
    expect(observedText(buildModel(build), undefined, 'exact')).toBe(exact);
  });

  it.each<readonly [string, Build, string]>([
    [
      'a root of a size as a factor',
      (g) => g.call('mul', 'operator.mul', fc(g), g.call('root', 'operator.pow', size(g, 'fc'), 0.5)),
      'root',
    ],
    [
      'a list of sizes that is joined',
      (g) => {
        g.shape('shape', fc(g));
        return g.call('flat', 'torch.reshape', 'fc', g.call('all', 'operator.add', 'shape', [1]));
      },
      'all',
    ],
  ])('%s gets an observer that stops the calibration', (_, build, node) => {
    const run = () => observedText(buildModel(build), undefined, 'pytorch');
    expect(run).toThrow(`PyTorch 1.13.1 stops here: it takes '${node}'`);
    expect(run).toThrow(expect.objectContaining({ node }));
    expect(() => observedText(buildModel(build), undefined, 'exact')).not.toThrow();
  });
});

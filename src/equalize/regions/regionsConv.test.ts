import { describe, expect, it } from 'vitest';
import type { TestModel } from '../../exec/testModel';
import { floatTensor } from '../../graph/tensor';
import { to } from '../../graph/testGraph';
import type { Build } from '../../quant/testPrepare';
import { conv } from '../testLayers';
import { regionsOf } from './testRegions';

const F = 'torch.nn.functional';
const square = [
  [1, 2],
  [3, 4],
];
const linear = (g: TestModel, name: string, input: string) => g.linear(name, input, square, [1, 2]);
const a = (g: TestModel) => conv(g, 'a', 'x', 2);

const OF_X = 'mul x → a: input x';

/** Graphs whose second layer `b`, a Conv2d, reads the Conv2d `a` through something. */
const BETWEEN: Record<string, readonly [(g: TestModel, value: string) => string, string]> = {
  nothing: [(_, v) => v, 'fold a → b [a*]'],
  'a ReLU that fuses': [(g, v) => g.call('relu', `${F}.relu`, v), 'fold a → b [a*]'],
  PReLU: [
    (g, v) => {
      const weight = floatTensor([2], Float32Array.of(0.1, 0.2));
      return g.module('f', v, { type: 'torch.nn.PReLU', tensors: { weight } });
    },
    'fold a → b [a*, f*]',
  ],
  'a pool': [(g, v) => g.call('f', `${F}.max_pool2d`, v, 1), 'fold a → b [a*, f*]'],
  'a pool of one dimension': [(g, v) => g.call('f', `${F}.avg_pool1d`, v, 1), 'fold a → b [a*, f*]'],
  'a pool over the channels': [
    (g, v) => g.call('f', `${F}.avg_pool3d`, v, 1),
    'mul f → b: windows f avg_pool',
  ],
  'a global pool': [(g, v) => g.call('f', `${F}.adaptive_avg_pool2d`, v, 1), 'fold a → b [a*, f*]'],
  'a permute that leaves the channels': [
    (g, v) => g.method('f', 'permute', v, 0, 1, 3, 2),
    'fold a → b [a*, f*]',
  ],
  'a permute of the channels': [(g, v) => g.method('f', 'permute', v, 0, 2, 1, 3), 'mul f → b: other-axis a'],
  'two permutes that cancel': [
    (g, v) => g.method('h', 'permute', g.method('f', 'permute', v, 0, 2, 3, 1), 0, 3, 1, 2),
    'fold a → b [a*, f*, h*]',
  ],
  'a transpose of unknown rank': [
    (g, v) => g.call('f', 'torch.transpose', g.call('odd', 'torch.odd', v), 2, 3),
    'mul f → b: unknown-shape f transpose',
  ],
  BatchNorm: [
    (g, v) =>
      g.module('f', g.call('relu', 'torch.relu', v), {
        type: 'torch.nn.BatchNorm2d',
        attrs: { num_features: 2 },
        tensors: Object.fromEntries(
          ['weight', 'bias', 'running_mean', 'running_var'].map((name) => [
            name,
            floatTensor([2], Float32Array.of(1, 2)),
          ]),
        ),
      }),
    'fold f → b [f*]',
  ],
  'a mean over the image': [(g, v) => g.method('f', 'mean', v, [2, 3], true), 'fold a → b [a*, f*]'],
  'cat along the channels': [(g, v) => g.call('f', 'torch.cat', [to(v)], 1), 'fold a → b [a*, f*]'],
};

describe('a convolution behind a convolution, with between them', () => {
  it.each(Object.entries(BETWEEN))('%s', (_, [between, expected]) => {
    expect(regionsOf((g) => conv(g, 'b', between(g, a(g)), 2), [], ['n', 2, 3, 4])).toEqual([OF_X, expected]);
  });
});

const GRAPHS: Record<string, readonly [Build, readonly string[]]> = {
  'a convolution and a Linear of one value are two regions': [
    (g) => [a(g), linear(g, 'b', 'x'), conv(g, 'c', 'x', 2)],
    ['mul x → a, c: input x', 'mul x → b: input x'],
  ],
  'convolutions of other dimensions read other axes': [
    (g) => [a(g), conv(g, 'b', 'x', 3)],
    [OF_X, 'mul x → b: input x'],
  ],
  'a convolution cannot take the scale of a Linear that reads its width': [
    (g) => linear(g, 'b', a(g)),
    [OF_X, 'mul a → b: other-axis a'],
  ],
  'a Linear that reads its channels can': [
    (g) => linear(g, 'b', g.method('f', 'permute', a(g), 0, 2, 3, 1)),
    [OF_X, 'fold a → b [a*, f*]'],
  ],
  'a Linear in front of a convolution takes its scale': [
    (g) => conv(g, 'b', g.method('f', 'transpose', linear(g, 'a', 'x'), 1, 3), 2),
    [OF_X, 'fold a → b [a*, f*]'],
  ],
  'a reader along another axis is a foreign reader': [
    (g) => {
      const value = a(g);
      return [conv(g, 'b', value, 2), linear(g, 'c', value)];
    },
    [OF_X, 'mul a → b: other-reader a c', 'mul a → c: other-axis a'],
  ],
  'a pool over the channels is a foreign reader': [
    (g) => {
      const value = a(g);
      return [conv(g, 'b', value, 2), g.call('f', `${F}.avg_pool3d`, value, 1)];
    },
    [OF_X, 'mul a → b: other-reader a f'],
  ],
  'branches that move the channels apart and back share one scale': [
    (g) => {
      const value = a(g);
      const last = g.method('f', 'permute', value, 0, 2, 3, 1);
      return [conv(g, 'b', value, 2, 2), linear(g, 'c', last)];
    },
    [OF_X, 'fold a → b, c [a*, f*]'],
  ],
};

describe('regions of convolutions', () => {
  it.each(Object.entries(GRAPHS))('%s', (_, [build, expected]) => {
    expect(regionsOf(build, [], ['n', 2, 3, 4])).toEqual(expected);
  });

  it('a transpose by axes from the front needs the rank, which the data tells', () => {
    const build: Build = (g) => conv(g, 'b', g.method('f', 'transpose', linear(g, 'a', 'x'), 1, 2), 1);
    expect(regionsOf(build, [], ['n', 7, 2])).toEqual([OF_X, 'fold a → b [a*, f*]']);
    // Of four axes it moves others: the convolution reads what the Linear does not make.
    expect(regionsOf(build, [], ['n', 2, 7, 2])).toEqual([OF_X, 'mul f → b: other-axis a']);
  });
});

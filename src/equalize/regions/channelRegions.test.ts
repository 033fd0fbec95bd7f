import { describe, expect, it } from 'vitest';
import { to } from '../../graph/testGraph';
import { type Net, netOf, regionsIn, regionText } from './testNets';

type Case = readonly [
  shape: readonly (number | string)[],
  build: (g: Net) => string | readonly string[],
  regions: readonly string[],
];

const check = (name: string, [shape, build, expected]: Case) =>
  it(name, () => expect(regionsIn(netOf(shape, build)).map(regionText)).toEqual(expected));

const FIRST = 'a: 4 of 4 pinned (input x)';

describe('a chain of Linear', () => {
  const between =
    (make: (g: Net, value: string) => string): Case['1'] =>
    (g) =>
      g.fc('b', make(g, g.fc('a', 'x', 4, 3)), 3, 2);
  const folded = [FIRST, 'b: a.weight, a.bias, 3 free'];
  const cases: Record<string, Case> = {
    'with nothing between': [['n', 4], between((_, v) => v), folded],
    'with a ReLU': [['n', 4], between((g, v) => g.call('relu', 'torch.relu', v)), folded],
    'with an odd slope': [['n', 4], between((g, v) => g.call('f', `${g.F}.leaky_relu`, v, -2)), folded],
    'times a number': [['n', 4], between((g, v) => g.call('f', 'operator.mul', v, 2)), folded],
    'by a constant row': [['n', 4], between((g, v) => g.call('f', 'torch.div', v, g.param('c', 3))), folded],
    'with axes that go and come back': [
      ['n', 5, 4],
      between((g, v) => g.method('u', 'transpose', g.method('t', 'transpose', v, 1, 2), 1, 2)),
      folded,
    ],
    'without bias': [
      ['n', 4],
      (g) => g.fc('b', g.fc('a', 'x', 4, 3, false), 3, 2),
      [FIRST, 'b: a.weight, 3 free'],
    ],
    'on three axes': [['n', 7, 4], between((_, v) => v), folded],
    'on four axes': [['n', 7, 2, 4], between((_, v) => v), folded],
    'plus a number': [
      ['n', 4],
      between((g, v) => g.call('f', 'operator.add', v, 1)),
      [FIRST, 'b: 3 of 3 pinned (op f add)'],
    ],
    'plus a constant row, which takes the factors too': [
      ['n', 4],
      between((g, v) => g.call('f', 'operator.add', v, g.param('c', 3))),
      [FIRST, 'b: a.weight, a.bias, c, 3 free'],
    ],
    'times a constant row, which takes them alone': [
      ['n', 4],
      between((g, v) => g.call('f', 'operator.mul', g.param('c', 1, 3), v)),
      [FIRST, 'b: c, 3 free'],
    ],
    'by a value that has channels too': [
      ['n', 3],
      (g) => {
        const a = g.fc('a', 'x', 3, 3);
        return g.fc('b', g.call('f', 'torch.div', a, g.call('s', 'torch.sigmoid', 'x')), 3, 2);
      },
      ['a: 3 of 3 pinned (input x)', 'b: 3 of 3 pinned (op f div)'],
    ],
    'by a value that is one number for all channels': [
      ['n', 3],
      (g) => {
        const a = g.fc('a', 'x', 3, 3);
        return g.fc('b', g.call('f', 'torch.div', a, g.method('m', 'mean', 'x', -1, true)), 3, 2);
      },
      ['a: 3 of 3 pinned (input x)', 'b: a.weight, a.bias, 3 free'],
    ],
    'with a sigmoid': [
      ['n', 4],
      between((g, v) => g.call('f', 'torch.sigmoid', v)),
      [FIRST, 'b: 3 of 3 pinned (op f sigmoid)'],
    ],
    'with a ReLU6': [
      ['n', 4],
      between((g, v) => g.module('f', v, { type: 'torch.nn.ReLU6' })),
      [FIRST, 'b: 3 of 3 pinned (op f relu6)'],
    ],
    'that reads a constant': [
      ['n', 4],
      (g) => g.call('f', 'operator.add', g.fc('b', g.param('c', 2, 3), 3, 4), 'x'),
      ['b: 3 of 3 pinned (input c)'],
    ],
    'whose middle is an output too': [
      ['n', 4],
      (g) => {
        const a = g.fc('a', 'x', 4, 3);
        return [a, g.fc('b', a, 3, 2)];
      },
      [FIRST, 'b: a.weight, a.bias, 3 of 3 pinned (reader a output)'],
    ],
    'whose first is called twice': [
      ['n', 4],
      (g) => {
        const a = g.fc('a', 'x', 4, 4);
        return g.fc('b', g.again('a2', 'a', a), 4, 2);
      },
      [
        FIRST,
        'a2: a.weight, a.bias, 4 of 4 pinned (shared a 2)',
        'b: a.weight, a.bias, 4 of 4 pinned (shared a2 2)',
      ],
    ],
  };
  for (const [name, test] of Object.entries(cases)) check(name, test);
});

describe('values that several read', () => {
  const norm = (g: Net) => g.layerNorm('ln', 'x', 4);
  const cases: Record<string, Case> = {
    'q, k and v share one factor per channel, which the norm takes': [
      ['n', 6, 4],
      (g) => {
        const h = norm(g);
        return [g.fc('q', h, 4, 2), g.fc('k', h, 4, 2), g.fc('v', h, 4, 2)];
      },
      ['q k v: ln.weight, ln.bias, 4 free'],
    ],
    'a residual stream: both branches and the sum': [
      ['n', 4],
      (g) => {
        const a = g.fc('a', 'x', 4, 3);
        const b = g.fc('b', g.call('relu', 'torch.relu', a), 3, 3);
        return g.fc('c', g.call('add', 'torch.add', a, b), 3, 2);
      },
      [FIRST, 'b c: a.weight, a.bias, b.weight, b.bias, 3 free'],
    ],
    'a stream that a norm reads as well': [
      ['n', 4],
      (g) => {
        const a = g.fc('a', 'x', 4, 3);
        const h = g.fc('b', g.layerNorm('ln', a, 3), 3, 3);
        return g.fc('c', g.call('add', 'torch.add', a, h), 3, 2);
      },
      [
        FIRST,
        'b: ln.weight, ln.bias, 3 free',
        'c: a.weight, a.bias, b.weight, b.bias, 3 of 3 pinned (reader a ln)',
      ],
    ],
    'a product of two branches': [
      ['n', 4],
      (g) => g.fc('c', g.call('mul', 'torch.mul', g.fc('a', 'x', 4, 3), g.fc('b', 'x', 4, 3)), 3, 2),
      ['a b: 4 of 4 pinned (input x)', 'c: 3 of 3 pinned (op mul mul)'],
    ],
    'a concat of two producers, and a layer that reads one of them': [
      ['n', 4],
      (g) => {
        const a = g.fc('a', 'x', 4, 2);
        const b = g.fc('b', 'x', 4, 3);
        return [g.fc('c', g.call('cat', 'torch.cat', [to(a), to(b)], 1), 5, 2), g.fc('d', b, 3, 2)];
      },
      ['a b: 4 of 4 pinned (input x)', 'c d: a.weight, a.bias, b.weight, b.bias, 5 free'],
    ],
    'a concat of a producer and an input': [
      ['n', 4],
      (g) => g.fc('c', g.call('cat', 'torch.cat', [to(g.fc('a', 'x', 4, 2)), to('x')], -1), 6, 2),
      ['a c: a.weight, a.bias, 4 of 6 pinned (input x)'],
    ],
    'a value added to itself': [
      ['n', 4],
      (g) => {
        const a = g.fc('a', 'x', 4, 3);
        return g.fc('b', g.call('add', 'torch.add', a, a), 3, 2);
      },
      [FIRST, 'b: a.weight, a.bias, 3 free'],
    ],
    'a value times itself transposed': [
      ['n', 3, 4],
      (g) => {
        const a = g.fc('a', 'x', 4, 3);
        return g.fc('b', g.call('matmul', 'torch.matmul', a, a), 3, 2);
      },
      [FIRST, 'b: a.weight, a.bias, 3 of 3 pinned (reader a matmul)'],
    ],
  };
  for (const [name, test] of Object.entries(cases)) check(name, test);
});

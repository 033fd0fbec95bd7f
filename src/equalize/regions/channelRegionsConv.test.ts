import { describe, expect, it } from 'vitest';
import { type Net, netOf, regionsIn, regionText } from './testNets';

type Build = (g: Net) => string | readonly string[];
const IMAGE = ['n', 4, 8, 6];
const texts = (shape: readonly (number | string)[], build: Build) =>
  regionsIn(netOf(shape, build)).map(regionText);
const FIRST = 'a: 4 of 4 pinned (input x)';

describe('convolutions', () => {
  it.each([1, 2, 3])('of %i dimensions, a pool and a ReLU between', (dims) => {
    const build: Build = (g) => {
      const a = g.conv('a', 'x', 4, 6, dims);
      const pool = g.module('pool', g.call('relu', `${g.F}.relu`, a), {
        type: `torch.nn.MaxPool${dims}d`,
        attrs: { kernel_size: 2 },
      });
      return g.conv('b', pool, 6, 2, dims);
    };
    expect(texts(['n', 4, ...[8, 8, 8].slice(0, dims)], build)).toEqual([
      FIRST,
      'b: a.weight, a.bias, 6 free',
    ]);
  });

  it('in groups, and depthwise', () => {
    const build: Build = (g) =>
      g.conv('c', g.conv('b', g.conv('a', 'x', 4, 6, 2, 2), 6, 6, 2, 6), 6, 3, 2, 3);
    expect(texts(IMAGE, build)).toEqual([
      FIRST,
      'b: a.weight, a.bias, 6 free',
      'c: b.weight, b.bias, 6 free',
    ]);
  });

  it('take the factors of a batch normalization between them, which has channels on axis 1', () => {
    const tensor = (g: Net, name: string) => g.param(name, 4);
    const build: Build = (g) => {
      const names = ['mean', 'var', 'w', 'b'].map((name) => tensor(g, name));
      const norm = g.call('norm', `${g.F}.batch_norm`, 'x', ...names);
      return g.conv('b2', norm, 4, 2);
    };
    expect(texts(IMAGE, build)).toEqual(['b2: w, b, 4 free']);
  });

  it('and a pool that mixes the channels', () => {
    const build: Build = (g) => {
      const attrs = { kernel_size: 3, stride: 1, padding: 1 };
      const pool = g.module('f', g.conv('a', 'x', 4, 3), { type: 'torch.nn.MaxPool3d', attrs });
      return g.conv('b', pool, 3, 2);
    };
    expect(texts(IMAGE, build)).toEqual([FIRST, 'b: 3 of 3 pinned (op f max_pool)']);
  });

  it('and a Linear along the last axis of the same value: neither can fold', () => {
    const build: Build = (g) => {
      const a = g.conv('a', 'x', 4, 3);
      return [g.conv('b', a, 3, 2), g.fc('c', a, 6, 2)];
    };
    expect(texts(IMAGE, build)).toEqual([
      FIRST,
      'b: a.weight, a.bias, 3 of 3 pinned (reader a c)',
      'c: 6 of 6 pinned (op a conv)',
    ]);
  });
});

describe('between a convolution and a Linear', () => {
  const flat =
    (make: (g: Net, value: string) => string, inputs: number): Build =>
    (g) =>
      g.fc('b', make(g, g.conv('a', 'x', 4, 3)), inputs, 2);

  it('flatten gives each channel a block: one factor for it', () => {
    expect(
      texts(
        IMAGE,
        flat((g, v) => g.call('f', 'torch.flatten', v, 1), 126),
      ),
    ).toEqual([FIRST, 'b: a.weight, a.bias, 3 free']);
  });
  it('so does a view', () => {
    expect(
      texts(
        IMAGE,
        flat((g, v) => g.method('f', 'view', v, -1, 126), 126),
      ),
    ).toEqual([FIRST, 'b: a.weight, a.bias, 3 free']);
  });
  it('a mean over the image leaves the channels', () => {
    expect(
      texts(
        IMAGE,
        flat((g, v) => g.method('f', 'mean', v, [2, 3]), 3),
      ),
    ).toEqual([FIRST, 'b: a.weight, a.bias, 3 free']);
  });
  it('channels may move to the last axis', () => {
    expect(
      texts(
        IMAGE,
        flat((g, v) => g.method('f', 'permute', v, 0, 2, 3, 1), 3),
      ),
    ).toEqual([FIRST, 'b: a.weight, a.bias, 3 free']);
  });
  it('a pool over the channels does not pass', () => {
    const pool = (g: Net, v: string) =>
      g.module('f', v, { type: 'torch.nn.MaxPool3d', attrs: { kernel_size: 1 } });
    expect(texts(IMAGE, flat(pool, 6))).toEqual([FIRST, 'b: 6 of 6 pinned (op f max_pool)']);
  });
});

describe('heads of attention', () => {
  it('values pass their columns through the weighted mean, one factor for the same column of all heads', () => {
    const build: Build = (g) => {
      const heads = (name: string) =>
        g.method(
          `${name}h`,
          'transpose',
          g.method(`${name}s`, 'view', g.fc(name, 'x', 4, 6), -1, 5, 2, 3),
          1,
          2,
        );
      const scores = g.call(
        'scores',
        'torch.matmul',
        heads('q'),
        g.method('kt', 'transpose', heads('k'), -2, -1),
      );
      const mixed = g.call('mixed', 'torch.matmul', g.call('p', `${g.F}.softmax`, scores, -1), heads('v'));
      const merged = g.method('merged', 'reshape', g.method('back', 'transpose', mixed, 1, 2), -1, 5, 6);
      return g.fc('o', merged, 6, 4);
    };
    expect(texts(['n', 5, 4], build)).toEqual([
      'q k v: 4 of 4 pinned (input x)',
      'o: v.weight, v.bias, 3 free',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { netOf, regionsIn, regionText, tensorOf } from './testNets';
import {
  attend,
  attention,
  block,
  gelu,
  HEAD,
  HEADS,
  layerNorm,
  mix,
  NORMS,
  SHAPE,
  TOKENS,
  WIDTH,
  writtenGelu,
} from './testTransformer';

/* Which tensors take the scales in the parts of a transformer block. */

const texts = (...args: Parameters<typeof netOf>) => regionsIn(netOf(...args)).map(regionText);

/** A factor for every place in a head: heads that one axis holds share it. */
const OF_V = 'out: v.weight, v.bias, 4 free';

describe('a pre-norm block', () => {
  it.each(Object.entries(NORMS))('with %s', (_, [norm, takers]) => {
    expect(texts(SHAPE, (g) => block(g, g.fc('embed', 'x', WIDTH, WIDTH), norm, gelu))).toEqual([
      'embed: 8 of 8 pinned (input x)',
      `q k v: ${takers('n1')}, 8 free`,
      OF_V,
      `fc1: ${takers('n2')}, 8 free`,
      'fc2: 16 of 16 pinned (op gelu gelu)',
    ]);
  });

  it('with a GELU written out, which is a barrier too', () => {
    const found = texts(SHAPE, (g) => block(g, 'x', layerNorm, writtenGelu));
    expect(found.at(-1)).toBe('fc2: 16 of 16 pinned (op both mul)');
    expect(found).toHaveLength(4);
  });

  it('of which the input is the residual stream: nothing scales it', () => {
    const model = netOf(SHAPE, (g) => block(g, 'x', layerNorm, gelu));
    const scaled = regionsIn(model).flatMap(({ params }) => params.map(({ param }) => param as string));
    expect(scaled).toEqual(['n1.weight', 'n1.bias', 'v.weight', 'v.bias', 'n2.weight', 'n2.bias']);
  });
});

describe('attention', () => {
  it('of one layer for q, k and v, cut into three: the rows of v take the scale, those of q and k stay', () => {
    const found = texts(SHAPE, (g) => {
      g.fc('qkv', 'x', WIDTH, 3 * WIDTH);
      const part = (i: number) => {
        const index = [{ ellipsis: true }, { slice: [i * WIDTH, (i + 1) * WIDTH, null] }] as const;
        return g.call(`p${i}`, 'operator.getitem', 'qkv', index);
      };
      return attend(g, part(0), part(1), part(2));
    });
    expect(found).toEqual(['qkv: 8 of 8 pinned (input x)', 'out: qkv.weight*, qkv.bias*, 4 free']);
  });

  it('of one layer, cut behind the heads along an axis of its own: one factor for all three would change q and k', () => {
    const found = texts(SHAPE, (g) => {
      const split = g.method('split', 'view', g.fc('qkv', 'x', WIDTH, 3 * WIDTH), -1, TOKENS, 3, HEADS, HEAD);
      const parts = g.method('parts', 'permute', split, 2, 0, 3, 1, 4);
      const part = (i: number) => g.call(`p${i}`, 'operator.getitem', parts, i);
      return mix(g, part(0), part(1), part(2));
    });
    expect(found[1]).toBe('out: qkv.weight, qkv.bias, 4 of 4 pinned (reader kt scores)');
  });

  it('whose scores an output shows keeps the fold of v', () => {
    const found = texts(SHAPE, (g) => [attention(g, layerNorm(g, 'n', 'x')), 'softmax']);
    expect(found).toEqual(['q k v: n.weight, n.bias, 8 free', OF_V]);
  });

  it('whose heads mix before the projection ties the channels of all heads', () => {
    const [, out] = regionsIn(
      netOf(SHAPE, (g) => {
        attention(g, layerNorm(g, 'n', 'x'));
        return g.fc('fc', g.method('sum', 'mean', 'mixed', 1), WIDTH / HEADS, 3);
      }),
    );
    expect(out && regionText(out)).toBe('out fc: v.weight, v.bias, 4 free');
  });
});

describe('a norm', () => {
  it('whose output the residual stream carries on (post-norm) does not fold', () => {
    const found = texts(SHAPE, (g) => {
      const h = layerNorm(g, 'n', 'x');
      return g.call('res', 'operator.add', h, g.fc('fc2', gelu(g, g.fc('fc1', h, WIDTH, 4)), 4, WIDTH));
    });
    expect(found[0]).toBe('fc1: n.weight, n.bias, fc2.weight, fc2.bias, 8 of 8 pinned (reader res output)');
  });

  it('of two axes takes the scale along the one that holds the channels', () => {
    const found = texts(SHAPE, (g) => {
      const attrs = { normalized_shape: [TOKENS, WIDTH] };
      const tensors = { weight: tensorOf(TOKENS, WIDTH), bias: tensorOf(TOKENS, WIDTH) };
      return g.fc('fc', g.module('n', 'x', { type: 'torch.nn.LayerNorm', attrs, tensors }), WIDTH, 4);
    });
    expect(found).toEqual(['fc: n.weight, n.bias, 8 free']);
  });

  it('that is written out without weight and bias does not fold', () => {
    const found = texts(SHAPE, (g) => {
      const mean = g.call('mean', 'torch.mean', 'x', [-1], true);
      const centred = g.call('sub', 'torch.sub', 'x', mean);
      const root = g.call(
        'rsqrt',
        'torch.rsqrt',
        g.call('var', 'torch.mean', g.call('sq', 'torch.square', centred), [-1], true),
      );
      return g.fc('fc', g.call('n', 'torch.mul', centred, root), WIDTH, 4);
    });
    expect(found).toEqual(['fc: 8 of 8 pinned (op sub sub)']);
  });

  it('whose weight two norms share does not fold', () => {
    const found = texts(SHAPE, (g) => {
      const weight = g.param('w', WIDTH);
      const [a = '', b = ''] = ['a', 'b'].map((name) =>
        g.call(
          name,
          `${g.F}.layer_norm`,
          name === 'a' ? 'x' : g.call('neg', 'operator.mul', 'x', -1),
          [WIDTH],
          weight,
        ),
      );
      return [g.fc('fc1', a, WIDTH, 4), g.fc('fc2', b, WIDTH, 4)];
    });
    expect(found).toEqual(['fc1: w, 8 of 8 pinned (shared a 2)', 'fc2: w, 8 of 8 pinned (shared b 2)']);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { netOf } from '../equalize/regions/testNets';
import {
  block,
  type Gelu,
  gelu,
  layerNorm,
  NORMS,
  type Norm,
  SHAPE,
  writtenGelu,
} from '../equalize/regions/testTransformer';
import { openTestDevice } from '../exec/testDevice';
import { decisionsOf } from './testExact';

beforeAll(() => openTestDevice('wasm'));

/** The node that takes the scale: the product and the sum of a norm that is written out. */
const TAKERS: Record<string, (norm: string) => string> = {
  LayerNorm: (n) => n,
  'LayerNorm, written out': (n) => `${n}_mul, ${n}`,
};

const run = (norm: Norm, activation: Gelu) =>
  decisionsOf(
    netOf(SHAPE, (g) => block(g, 'x', norm, activation)),
    {},
    [6, 8],
  );

describe('exact equalization of a transformer block keeps its function', () => {
  it.each(Object.entries(NORMS))('with %s', async (name, [norm]) => {
    const taker = TAKERS[name] ?? ((n: string) => n);
    const { decisions, error, run: steps } = await run(norm, gelu);
    expect(decisions).toEqual({
      q: `fold ${taker('n1')}`,
      k: `fold ${taker('n1')}`,
      v: `fold ${taker('n1')}`,
      out: 'fold v',
      fc1: `fold ${taker('n2')}`,
      fc2: 'mul',
    });
    expect(error).toBeLessThanOrEqual(1e-5);
    expect(steps.equalize.failed).toBe(false);
    const [q, k, v] = steps.equalize.result.decisions.map((d) => d.scale?.values);
    expect(k).toEqual(q);
    expect(v).toEqual(q);
    expect(new Set(q).size).toBeGreaterThan(1);
  });

  it('with a GELU written out', async () => {
    const { decisions, error } = await run(layerNorm, writtenGelu);
    expect(decisions).toMatchObject({ q: 'fold n1', fc1: 'fold n2', fc2: 'mul' });
    expect(error).toBeLessThanOrEqual(1e-5);
  });
});

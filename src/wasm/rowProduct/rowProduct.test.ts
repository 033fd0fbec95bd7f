import { describe, expect, it } from 'vitest';
import { type ProgramKind, rowProductModule } from './program';
import { expectNaive, PRODUCTS, productIn } from './testProducts';
import { RowProducts } from './threads';

describe('a product of rows', () => {
  // Node 20 has relaxed SIMD behind a flag; browsers have it.
  const hasFused = WebAssembly.validate(rowProductModule('unshared', 'fused'));
  const kinds: readonly ProgramKind[] = hasFused ? ['plain', 'fused'] : ['plain'];

  it('has its fused program in the browser', () => {
    expect(hasFused || typeof window === 'undefined').toBe(true);
  });

  it.each(kinds)('is what plain loops compute, at odd sizes too (%s)', (kind) => {
    const memory = new WebAssembly.Memory({ initial: 8 });
    const products = new RowProducts(memory, 1, undefined, [kind]);
    for (const product of PRODUCTS) {
      const made = productIn(memory, product, products);
      made.run();
      expectNaive(product, made);
    }
  });

  it('keeps NaN through ReLU, and infinity', () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const made = productIn(
      memory,
      { m: 2, k: 5, outputs: 5, relu: true, hasBias: true },
      new RowProducts(memory, 1),
    );
    made.x[2] = Number.NaN;
    made.x[5 + 4] = Number.POSITIVE_INFINITY;
    made.run();
    expect([...made.y.subarray(0, 5)]).toEqual(Array(5).fill(Number.NaN));
    for (const [i, value] of [...made.y.subarray(5, 10)].entries())
      expect(value).toBe((made.weight[i * 5 + 4] ?? 0) > 0 ? Number.POSITIVE_INFINITY : 0);
  });
});

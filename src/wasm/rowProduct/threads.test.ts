import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { builtScript } from '../testScript';
import { expectNaive, type Product, productIn } from './testProducts';
import { RowProducts } from './threads';

const PAGE = 65_536;

/** What a worker of the browser has, for one of Node's. */
const AS_IN_BROWSER = `
const { parentPort } = require('node:worker_threads');
globalThis.self = { addEventListener: (_, listen) => parentPort.on('message', (data) => listen({ data })) };
`;

const script = AS_IN_BROWSER + (await builtScript(new URL('./thread.ts', import.meta.url), 'es'));

/** Products in shared memory with two helpers that have come up. */
async function helpedProducts(pages: WebAssembly.MemoryDescriptor) {
  const memory = new WebAssembly.Memory(pages);
  const products = new RowProducts(memory, 3, () => new Worker(script, { eval: true }));
  onTestFinished(() => products.dispose());
  productIn(memory, LARGE, products).run();
  await vi.waitUntil(() => products.helping === 2, { timeout: 20_000, interval: 20 });
  return { memory, products };
}

const LARGE: Product = { m: 33, k: 130, outputs: 210, relu: false, hasBias: true };

describe('threads', () => {
  it('share the outputs of many products, and each is computed once', async () => {
    const { memory, products } = await helpedProducts({ initial: 64, maximum: 65_536, shared: true });
    for (let round = 0; round < 200; round++) {
      const product = { ...LARGE, m: 1 + (round % 33), outputs: 130 + (round % 81) };
      const made = productIn(memory, product, products);
      made.run();
      if (round % 20 === 0) expectNaive(product, made);
      else expect(made.y.findIndex(Number.isNaN), `round ${round}`).toBe(-1);
    }
    // The memory may grow while they run; they see all of it.
    const before = memory.buffer.byteLength;
    memory.grow(64);
    const grown = productIn(memory, LARGE, products);
    grown.run();
    expectNaive(LARGE, grown);
    expect(memory.buffer.byteLength).toBe(before + 64 * PAGE);
  });

  it('take chunks of the work, sooner or later', async () => {
    const { memory, products } = await helpedProducts({ initial: 64, maximum: 64, shared: true });
    // Beside other work on the same cores the owner may be through before a helper is awake, but not for ever.
    const end = performance.now() + 20_000;
    while (products.helped === 0 && performance.now() < end) productIn(memory, LARGE, products).run();
    expect(products.helped).toBeGreaterThan(0);
  });
});

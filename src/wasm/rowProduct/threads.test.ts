import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build, type Rollup } from 'vite';
import { describe, expect, it } from 'vitest';
import { expectNaive, type Product, productIn } from './testProducts';
import { RowProducts } from './threads';

const PAGE = 65_536;

/** The helper's script, as the page's build makes it. */
async function threadScript(): Promise<string> {
  const entry = fileURLToPath(new URL('./thread.ts', import.meta.url));
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, lib: { entry, formats: ['es'], fileName: 'thread' } },
  })) as Rollup.RollupOutput[];
  return built[0]?.output[0]?.code ?? '';
}

/** What a worker of the browser has, for one of Node's. */
const AS_IN_BROWSER = `
const { parentPort } = require('node:worker_threads');
globalThis.self = { addEventListener: (_, listen) => parentPort.on('message', (data) => listen({ data })) };
`;

describe('threads', () => {
  it('share the outputs of many products, and each is computed once', async () => {
    const script = AS_IN_BROWSER + (await threadScript());
    const memory = new WebAssembly.Memory({ initial: 64, maximum: 65_536, shared: true });
    const started: Worker[] = [];
    const startHelper = () => {
      const worker = new Worker(script, { eval: true });
      started.push(worker);
      return worker;
    };
    const products = new RowProducts(memory, 3, startHelper);
    try {
      const large: Product = { m: 33, k: 130, outputs: 210, relu: false, hasBias: true };
      productIn(memory, large, products).run();
      expect(started).toHaveLength(2);
      for (let waited = 0; products.helping < 2; waited++) {
        if (waited > 500) throw new Error('The threads did not start.');
        await new Promise((resume) => setTimeout(resume, 20));
      }
      for (let round = 0; round < 200; round++) {
        const product = { ...large, m: 1 + (round % 33), outputs: 130 + (round % 81) };
        const made = productIn(memory, product, products);
        made.run();
        if (round % 20 === 0) expectNaive(product, made);
        else expect(made.y.findIndex(Number.isNaN), `round ${round}`).toBe(-1);
      }
      // The memory may grow while they run; they see all of it.
      const before = memory.buffer.byteLength;
      memory.grow(64);
      const grown = productIn(memory, large, products);
      grown.run();
      expectNaive(large, grown);
      expect(memory.buffer.byteLength).toBe(before + 64 * PAGE);
    } finally {
      products.dispose();
    }
  });
});

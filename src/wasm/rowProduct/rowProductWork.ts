import type { ChunkWork } from '../chunks';
import { ROW_PRODUCT, type RowProductFunction } from './program';

/**
 * Outputs of a chunk: their rows of W stay in the cache while all rows of x pass, and no thread waits long for another. A
 * multiple of every program's tile.
 */
export const CHUNK = 24;

/** A job: addresses of x, W, the bias (0: none) and y; m, k, the number of outputs; ReLU. */
export type RowProductJob = readonly [
  x: number,
  weight: number,
  bias: number,
  y: number,
  m: number,
  k: number,
  outputs: number,
  relu: number,
];

export function rowProductWork(module: WebAssembly.Module, memory: WebAssembly.Memory): ChunkWork {
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  // The module's own bytes say what it exports.
  const product = instance.exports[ROW_PRODUCT] as RowProductFunction;
  return (job, chunk) => {
    const [x = 0, weight = 0, bias = 0, y = 0, m = 0, k = 0, outputs = 0, relu = 0] = job;
    const from = chunk * CHUNK;
    product(x, weight, bias, y, m, k, outputs, from, Math.min(from + CHUNK, outputs), relu);
  };
}

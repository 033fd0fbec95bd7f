import { expect } from 'vitest';
import type { RowProducts } from './threads';

export interface Product {
  readonly m: number;
  readonly k: number;
  readonly outputs: number;
  readonly relu: boolean;
  readonly hasBias: boolean;
}

/** The plainest way, in float64. */
function naive({ m, k, outputs, relu }: Product, x: Float32Array, weight: Float32Array, bias: Float32Array) {
  return Array.from({ length: m * outputs }, (_, i) => {
    const [row, output] = [Math.floor(i / outputs), i % outputs];
    let sum = bias[output] ?? 0;
    for (let c = 0; c < k; c++) sum += (x[row * k + c] ?? 0) * (weight[output * k + c] ?? 0);
    return relu && sum < 0 ? 0 : sum;
  });
}

/** Random numbers for a product, in a memory; `run` computes it with y filled with NaN before, and a number behind it. */
export function productIn(memory: WebAssembly.Memory, product: Product, products: RowProducts) {
  const { m, k, outputs, hasBias, relu } = product;
  let at = 16;
  const place = (length: number, value: () => number): Float32Array => {
    const values = new Float32Array(memory.buffer, at, length).fill(0);
    values.forEach((_, i) => {
      values[i] = value();
    });
    at += 4 * length;
    return values;
  };
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const x = place(m * k, random);
  const weight = place(outputs * k, random);
  const bias = place(hasBias ? outputs : 0, random);
  const y = place(m * outputs + 1, () => Number.NaN);
  y[m * outputs] = 7;
  const address = (values: Float32Array) => values.byteOffset;
  const run = () =>
    products.run([
      address(x),
      address(weight),
      hasBias ? address(bias) : 0,
      address(y),
      m,
      k,
      outputs,
      relu ? 1 : 0,
    ]);
  return { x, weight, bias, y, run };
}

export function expectNaive(product: Product, { x, weight, bias, y }: ReturnType<typeof productIn>): void {
  const { m, k, outputs } = product;
  const expected = naive(product, x, weight, bias);
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - (y[i] ?? Number.NaN))));
  expect(worst, JSON.stringify(product)).toBeLessThanOrEqual(1e-6 * Math.sqrt(k + 1) * 4);
  expect(y[m * outputs], 'behind y').toBe(7);
}

const SIZES = [
  [1, 1, 1],
  [1, 3, 5],
  [2, 4, 4],
  [3, 5, 7],
  [2, 0, 3],
  [5, 17, 33],
  [3, 24, 11],
  [2, 36, 31],
  [64, 33, 18],
  [7, 128, 50],
  [1, 200, 16],
] as const;
export const PRODUCTS: readonly Product[] = SIZES.flatMap(([m, k, outputs]) =>
  [true, false].flatMap((relu) => [true, false].map((hasBias) => ({ m, k, outputs, relu, hasBias }))),
);

import { expect, it } from 'vitest';
import { productGrid, sumGrid } from './scalarGrid';

const GRID = { scale: 0.05, zeroPoint: 64 };

/** `torch.ops.quantized.add(q, c)` and `mul(q, c)` of PyTorch 1.13.1: `q_scale()` and `q_zero_point()`. */
it.each([
  [1, 0.05, 44],
  [-5, 0.05, 164],
  [-1.03, 0.05, 85],
  [100, 0.4296078431372549, 0],
])('a sum with %d', (summand, scale, zeroPoint) => {
  expect(sumGrid(GRID, summand)).toEqual({ scale: expect.closeTo(scale, 12), zeroPoint });
});

it.each([
  [2.5, 0.125, 64],
  [-2.5, 0.125, 191],
  [0, 1, 0],
])('a product with %d', (factor, scale, zeroPoint) => {
  expect(productGrid(GRID, factor)).toEqual({ scale, zeroPoint });
});

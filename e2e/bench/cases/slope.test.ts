import { expect, it } from 'vitest';
import { slopeOf } from './slope';

it('names the power by which a value grows', () => {
  const sizes = [10, 20, 40, 80];
  expect(slopeOf(sizes.map((n) => [n, 3 * n]))).toBeCloseTo(1, 6);
  expect(slopeOf(sizes.map((n) => [n, 0.5 * n ** 2]))).toBeCloseTo(2, 6);
  expect(slopeOf(sizes.map((n) => [n, 7]))).toBeCloseTo(0, 6);
});

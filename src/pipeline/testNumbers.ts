import { expect } from 'vitest';

/* Comparisons of numbers with PyTorch's. For tests only. */

/** Each number within `relative` of the largest one; NaN and infinities where PyTorch has them. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  relative: number,
  what: string,
): void {
  expect(actual.length, `${what}: length`).toBe(expected.length);
  const finite = Array.from(expected).filter(Number.isFinite);
  const largest = finite.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i] ?? 0, expected[i] ?? 0];
    if (!Number.isFinite(b)) expect(a, `${what} [${i}]`).toBe(b);
    else expect(Math.abs(a - b), `${what} [${i}]: ${a} for ${b}`).toBeLessThanOrEqual(relative * largest);
  }
}

/** 10·log10(Σ reference² / Σ (reference − candidate)²), in dB. */
export function sqnr(reference: ArrayLike<number>, candidate: ArrayLike<number>): number {
  let signal = 0;
  let noise = 0;
  for (let i = 0; i < reference.length; i++) {
    signal += (reference[i] ?? 0) ** 2;
    noise += ((reference[i] ?? 0) - (candidate[i] ?? 0)) ** 2;
  }
  return noise === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
}

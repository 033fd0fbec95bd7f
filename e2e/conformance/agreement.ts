import type { Tensor } from '../../src/graph/tensor';

/** What a run gave for one output. */
export interface Given {
  readonly dtype: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
}

/** float32: |given − expected| ≤ 1e-5 + 1e-3 · |expected|. Integers and truth values must be equal. */
const ABSOLUTE = 1e-5;
const RELATIVE = 1e-3;

/** How an output differs from what ONNX expects; null when it agrees. */
export function disagreement(given: Given, expected: Tensor): string | null {
  const [dims, wanted] = [given.dims.join(', '), expected.shape.join(', ')];
  if (dims !== wanted) return `shape [${dims}] for [${wanted}]`;
  if (given.dtype !== expected.dtype) return `${given.dtype} for ${expected.dtype}`;
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [Number(given.data[i]), Number(expected.data[i])];
    if (!agree(a, b, expected.dtype === 'float32')) return `${a} for ${b} at ${i}`;
  }
  return null;
}

const agree = (a: number, b: number, isFloat: boolean): boolean => {
  if (Number.isNaN(a) || Number.isNaN(b) || !Number.isFinite(b)) return Object.is(a, b);
  return isFloat ? Math.abs(a - b) <= ABSOLUTE + RELATIVE * Math.abs(b) : a === b;
};

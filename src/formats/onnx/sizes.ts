import { type Dim, UNKNOWN_DIM } from '../../graph/shape';

/**
 * A number that follows from the sizes of tensors: `factor · symbol · symbol …`, where symbols are open dimensions
 * (the batch). Null where nothing is known.
 */
export type Size = { readonly factor: number; readonly symbols: readonly string[] } | null;

/** A scalar or a vector of sizes. */
export interface SizeList {
  readonly sizes: readonly Size[];
  readonly isScalar: boolean;
  readonly elementType: number;
}

export const sizeOfNumber = (factor: number): Size => ({ factor, symbols: [] });

export const sizeOfDim = (dim: Dim): Size =>
  typeof dim === 'number' ? sizeOfNumber(dim) : dim === UNKNOWN_DIM ? null : { factor: 1, symbols: [dim] };

/** The number, where no symbol is in it. */
export const asNumber = (size: Size): number | null => (size?.symbols.length === 0 ? size.factor : null);

export const times = (a: Size, b: Size): Size =>
  a && b && { factor: a.factor * b.factor, symbols: [...a.symbols, ...b.symbols].sort() };

export const productOfSizes = (sizes: readonly Size[]): Size => sizes.reduce(times, sizeOfNumber(1));

/** Known only where it comes out even: `6n / 2n = 3`. Numbers alone are cut off to a whole one unless they are real. */
export function dividedBy(a: Size, b: Size, real = false): Size {
  if (!a || !b || b.factor === 0) return null;
  const left = [...a.symbols];
  for (const symbol of b.symbols) {
    const at = left.indexOf(symbol);
    if (at < 0) return null;
    left.splice(at, 1);
  }
  const factor = a.factor / b.factor;
  if (real || Number.isInteger(factor)) return { factor, symbols: left };
  return left.length === 0 ? sizeOfNumber(Math.trunc(factor)) : null;
}

/** Known where both count the same: `2n + n = 3n`. */
export function plus(a: Size, b: Size, sign: 1 | -1 = 1): Size {
  if (!a || !b || a.symbols.join() !== b.symbols.join()) return null;
  return { factor: a.factor + sign * b.factor, symbols: a.symbols };
}

/** `2·n`, or `?` where nothing is known. */
export function sizeText(size: Size): string {
  if (!size) return UNKNOWN_DIM;
  const factors = size.factor === 1 && size.symbols.length > 0 ? [] : [size.factor];
  return [...factors, ...size.symbols].join('·');
}

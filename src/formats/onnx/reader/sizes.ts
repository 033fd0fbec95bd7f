import { type Dim, UNKNOWN_DIM } from '../../../graph/shape';
import type { SizeFunction } from '../../../graph/sizes';

/** `factor · symbol · symbol …`, where symbols are open dimensions (the batch), in order. */
interface Monomial {
  readonly factor: number;
  readonly symbols: readonly string[];
}

/** How a size is computed when the model runs. */
export type SizeSource =
  | { readonly kind: 'number'; readonly value: number }
  /** One dimension of an ONNX value. */
  | { readonly kind: 'dim'; readonly value: string; readonly axis: number }
  | { readonly kind: 'compute'; readonly function: SizeFunction; readonly terms: readonly SizeSource[] };

/** A number that follows from the sizes of tensors: what is known of it, and where it comes from; each null where it is not known. */
export interface Size {
  readonly known: Monomial | null;
  readonly source: SizeSource | null;
}

/** A scalar or a vector of sizes. */
export interface SizeList {
  readonly sizes: readonly Size[];
  readonly isScalar: boolean;
  readonly elementType: number;
}

export const UNKNOWN_SIZE: Size = { known: null, source: null };

export const sizeOfNumber = (factor: number): Size => ({
  known: { factor, symbols: [] },
  source: { kind: 'number', value: factor },
});

/** A dimension of the value, where that is told. */
export const sizeOfDim = (dim: Dim, value?: string, axis = 0): Size => {
  if (typeof dim === 'number') return sizeOfNumber(dim);
  return {
    known: dim === UNKNOWN_DIM ? null : { factor: 1, symbols: [dim] },
    source: value === undefined ? null : { kind: 'dim', value, axis },
  };
};

/** The number, where no symbol is in it. */
export const asNumber = ({ known }: Size): number | null =>
  known?.symbols.length === 0 ? known.factor : null;

function made(known: Monomial | null, name: SizeFunction, ...terms: readonly Size[]): Size {
  if (known?.symbols.length === 0) return sizeOfNumber(known.factor);
  const sources = terms.map(({ source }) => source);
  const complete = sources.every((source) => source !== null);
  return { known, source: complete ? { kind: 'compute', function: name, terms: sources } : null };
}

const numberOr = (value: number | null): Monomial | null =>
  value === null ? null : { factor: value, symbols: [] };

export function times(a: Size, b: Size): Size {
  const [one, other] = [asNumber(a), asNumber(b)];
  if (one === 1) return b;
  if (other === 1) return a;
  const known = a.known &&
    b.known && {
      factor: a.known.factor * b.known.factor,
      symbols: [...a.known.symbols, ...b.known.symbols].sort(),
    };
  return made(known, 'mul', a, b);
}

export const productOfSizes = (sizes: readonly Size[]): Size => sizes.reduce(times, sizeOfNumber(1));

/** Known only where it comes out even: `6n / 2n = 3`. Numbers alone are cut off to a whole one unless they are real. */
export function dividedBy(a: Size, b: Size, real = false): Size {
  if (asNumber(b) === 1 && real) return a;
  return made(quotient(a.known, b.known, real), real ? 'truediv' : 'floordiv', a, b);
}

function quotient(a: Monomial | null, b: Monomial | null, real: boolean): Monomial | null {
  if (!a || !b || b.factor === 0) return null;
  const left = [...a.symbols];
  for (const symbol of b.symbols) {
    const at = left.indexOf(symbol);
    if (at < 0) return null;
    left.splice(at, 1);
  }
  const factor = a.factor / b.factor;
  if (real || Number.isInteger(factor)) return { factor, symbols: left };
  return left.length === 0 ? { factor: Math.trunc(factor), symbols: [] } : null;
}

/** Known where both count the same: `2n + n = 3n`. */
export function plus(a: Size, b: Size, sign: 1 | -1 = 1): Size {
  if (asNumber(b) === 0) return a;
  if (asNumber(a) === 0 && sign === 1) return b;
  const same = a.known && b.known && a.known.symbols.join() === b.known.symbols.join();
  const known =
    same && a.known && b.known
      ? { factor: a.known.factor + sign * b.known.factor, symbols: a.known.symbols }
      : null;
  return made(known?.factor === 0 ? { factor: 0, symbols: [] } : known, sign === 1 ? 'add' : 'sub', a, b);
}

/** Any other function, known for numbers alone. */
export function computed(
  name: SizeFunction,
  compute: (...values: readonly number[]) => number,
  ...terms: readonly Size[]
): Size {
  const numbers = terms.map(asNumber);
  return made(numberOr(numbers.every((n) => n !== null) ? compute(...numbers) : null), name, ...terms);
}

/** Whole by itself, as a product of sizes is; a quotient need not be. */
export const isWholeSize = ({ known }: Size): boolean =>
  known !== null && known.symbols.length > 0 && Number.isInteger(known.factor);

/** `2·n`, or `?` where nothing is known. */
export function sizeText({ known }: Size): string {
  if (!known) return UNKNOWN_DIM;
  const factors = known.factor === 1 && known.symbols.length > 0 ? [] : [known.factor];
  return [...factors, ...known.symbols].join('·');
}

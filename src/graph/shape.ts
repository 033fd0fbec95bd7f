/** One dimension: a number, or a name where the model leaves it open (`'n'` for the batch, `'?'` when not derived). */
export type Dim = number | string;

/** A tensor's shape, or null where nothing is known, not even the rank. */
export type Shape = readonly Dim[] | null;

export const UNKNOWN_DIM = '?';

/** `[n, 64]`; an unknown shape prints as an empty string. */
export const formatShape = (shape: Shape): string => (shape ? `[${shape.join(', ')}]` : '');

/** The axis of a possibly negative dimension index, or null when it lies outside the rank. */
export function axisOf(dim: number, rank: number): number | null {
  const axis = dim < 0 ? dim + rank : dim;
  return axis >= 0 && axis < rank ? axis : null;
}

/** Product of dimensions; unknown as soon as one factor is (but for a single symbol times ones). */
export function productOf(dims: readonly Dim[]): Dim {
  const symbols = dims.filter((d): d is string => typeof d === 'string');
  const known = dims.reduce<number>((product, d) => (typeof d === 'number' ? product * d : product), 1);
  if (symbols.length === 0) return known;
  return symbols.length === 1 && known === 1 ? (symbols[0] ?? UNKNOWN_DIM) : UNKNOWN_DIM;
}

/** What `dims` multiply to, divided by what `by` does; unknown unless every name of `by` is among those of `dims`. */
export function quotientOf(dims: readonly Dim[], by: readonly Dim[]): Dim {
  const left = [...dims];
  let divisor = 1;
  for (const dim of by) {
    if (typeof dim === 'number') divisor *= dim;
    else if (dim === UNKNOWN_DIM || !left.includes(dim)) return UNKNOWN_DIM;
    else left.splice(left.indexOf(dim), 1);
  }
  const symbols = left.filter((dim) => typeof dim === 'string');
  const number = productOf(left.filter((dim) => typeof dim === 'number'));
  const quotient = typeof number === 'number' && divisor > 0 ? number / divisor : Number.NaN;
  return Number.isInteger(quotient) ? productOf([...symbols, quotient]) : UNKNOWN_DIM;
}

/** NumPy broadcasting of two shapes (the rule of torch and ONNX); null when either is unknown or they do not fit. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  if (!a || !b) return null;
  const rank = Math.max(a.length, b.length);
  const out: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x === 1) out.push(y);
    else if (y === 1 || x === y) out.push(x);
    else if (typeof x === 'string' || typeof y === 'string') out.push(typeof x === 'number' ? x : y);
    else return null;
  }
  return out;
}

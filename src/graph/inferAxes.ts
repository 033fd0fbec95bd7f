import type { NodeName } from './ids';
import type { IndexPart, OpCall } from './op';
import { axisOf, type Dim, type Shape, UNKNOWN_DIM } from './shape';
import { extentDim, type SizeValue } from './sizes';

/* Shapes of ops that pick, join, drop or reorder axes. Null where an axis lies outside, as at run time it is an error. */

type Inputs = readonly Shape[];
/** What is known of the sizes that a call reads. */
interface SizeScope {
  readonly sizeOf: (node: NodeName) => SizeValue | null;
}

function axesOf(dims: readonly number[], rank: number): readonly number[] | null {
  const axes = dims.map((dim) => axisOf(dim, rank));
  return axes.every((axis) => axis !== null) ? axes : null;
}

export function permuteShape([x]: Inputs, { attrs }: OpCall<'permute'>): Shape {
  const axes = x && attrs.order.length === x.length ? axesOf(attrs.order, x.length) : null;
  return x && axes ? axes.map((axis) => x[axis] ?? UNKNOWN_DIM) : null;
}

/** Sizes along the axis add up as far as they are known; the other axes are those of an input that knows them. */
export function catShape(inputs: Inputs, { attrs }: OpCall<'cat'>): Shape {
  const [first] = inputs;
  const axis = first ? axisOf(attrs.dim, first.length) : null;
  if (!first || axis === null || inputs.some((x) => x?.length !== first.length)) return null;
  return first.map((dim, at) => {
    const dims = inputs.map((x) => x?.[at] ?? UNKNOWN_DIM);
    const numbers = dims.filter((d) => typeof d === 'number');
    if (at !== axis) return numbers[0] ?? dim;
    return numbers.length === dims.length ? numbers.reduce((sum, d) => sum + d, 0) : UNKNOWN_DIM;
  });
}

interface Reduction {
  readonly attrs: { readonly dims: readonly number[] | null; readonly keepDim: boolean };
}

export function reduceShape([x]: Inputs, { attrs }: Reduction): Shape {
  if (attrs.dims === null && !attrs.keepDim) return [];
  if (!x) return null;
  const axes = attrs.dims === null ? x.map((_, axis) => axis) : axesOf(attrs.dims, x.length);
  if (!axes) return null;
  return attrs.keepDim
    ? x.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
    : x.filter((_, axis) => !axes.includes(axis));
}

/** Unknown, rank and all, where an axis that may go has an unknown size. */
export function squeezeShape([x]: Inputs, { attrs }: OpCall<'squeeze'>): Shape {
  if (!x) return null;
  const axes = attrs.dims === null ? x.map((_, axis) => axis) : axesOf(attrs.dims, x.length);
  if (!axes || axes.some((axis) => typeof x[axis] === 'string' && attrs.dims !== null)) return null;
  return x.filter((dim, axis) => dim !== 1 || !axes.includes(axis));
}

export function unsqueezeShape([x]: Inputs, { attrs }: OpCall<'unsqueeze'>): Shape {
  const axis = x ? axisOf(attrs.dim, x.length + 1) : null;
  return x && axis !== null ? x.toSpliced(axis, 0, 1) : null;
}

export function getitemShape([x]: Inputs, { attrs }: OpCall<'getitem'>, { sizeOf }: SizeScope): Shape {
  if (!x) return null;
  const named = attrs.index.filter((part) => part.kind === 'at' || part.kind === 'slice').length;
  if (named > x.length) return null;
  const out: Dim[] = [];
  let axis = 0;
  for (const part of attrs.index) {
    if (part.kind === 'new') out.push(1);
    else if (part.kind === 'rest') {
      out.push(...x.slice(axis, axis + x.length - named));
      axis += x.length - named;
    } else {
      if (part.kind === 'slice') out.push(slicedDim(x[axis] ?? UNKNOWN_DIM, part, sizeOf));
      axis++;
    }
  }
  return [...out, ...x.slice(axis)];
}

function slicedDim(
  dim: Dim,
  { start, stop, step }: Extract<IndexPart, { kind: 'slice' }>,
  sizeOf: SizeScope['sizeOf'],
): Dim {
  const from = start === null ? 0 : extentDim(start, sizeOf);
  const to = stop === null ? dim : extentDim(stop, sizeOf);
  if (from === 0 && to === dim && step === 1) return dim;
  // `x[:, :n]` has n columns wherever x has as many, as it does where a model slices a table by the length of its input.
  if (from === 0 && step === 1 && typeof dim === 'number' && typeof to === 'string') return to;
  if (typeof dim === 'string' || typeof from === 'string' || typeof to === 'string') return UNKNOWN_DIM;
  const bound = (value: number) => Math.min(dim, Math.max(0, value < 0 ? value + dim : value));
  return Math.max(0, Math.ceil((bound(to) - bound(from)) / step));
}

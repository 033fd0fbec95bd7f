import { partBounds } from './cut';
import { einsumTerms } from './einsum';
import type { NodeName } from './ids';
import type { Cut, OpCall } from './op';
import { axisOf, type Dim, productOf, quotientOf, type Shape, UNKNOWN_DIM } from './shape';
import { type Extent, expandExtents, extentDim, type SizeValue } from './sizes';

/* Shapes of ops that cut, repeat, pad and resize. */

type Inputs = readonly Shape[];
interface SizeScope {
  readonly sizeOf: (node: NodeName) => SizeValue | null;
}

export function splitShape([x]: Inputs, { attrs }: OpCall<'split'>, { sizeOf }: SizeScope): Shape {
  const axis = x ? axisOf(attrs.dim, x.length) : null;
  if (!x || axis === null) return null;
  return x.with(axis, partDim(attrs.cut, attrs.part, x[axis] ?? UNKNOWN_DIM, sizeOf));
}

function partDim(cut: Cut, part: number, size: Dim, sizeOf: SizeScope['sizeOf']): Dim {
  if (cut.kind === 'sizes') {
    const width = cut.sizes.at(part);
    return width === undefined ? UNKNOWN_DIM : extentDim(width, sizeOf);
  }
  const known: Cut = cut.kind === 'each' ? { kind: 'each', size: numberOf(cut.size, sizeOf) } : cut;
  const bounds = typeof size === 'number' ? partBounds(known, part, size) : null;
  return bounds ? bounds[1] - bounds[0] : UNKNOWN_DIM;
}

/** NaN where the number is not known. */
function numberOf(extent: Extent, sizeOf: SizeScope['sizeOf']): number {
  const dim = extentDim(extent, sizeOf);
  return typeof dim === 'number' ? dim : Number.NaN;
}

export function expandShape([x]: Inputs, { attrs }: OpCall<'expand'>, { sizeOf }: SizeScope): Shape {
  const dims = expandExtents(attrs.shape, sizeOf);
  return (
    dims?.map((dim, i): Dim => (dim === -1 ? (x?.[x.length - dims.length + i] ?? UNKNOWN_DIM) : dim)) ?? null
  );
}

export function repeatShape([x]: Inputs, { attrs }: OpCall<'repeat'>, { sizeOf }: SizeScope): Shape {
  const times = expandExtents(attrs.repeats, sizeOf);
  if (!x || !times) return null;
  const rank = Math.max(x.length, times.length);
  return Array.from({ length: rank }, (_, i) =>
    productOf([x[x.length - rank + i] ?? 1, times[times.length - rank + i] ?? 1]),
  );
}

export function stackShape(inputs: Inputs, { attrs }: OpCall<'stack'>): Shape {
  const known = inputs.find((shape) => shape !== null);
  const axis = known ? axisOf(attrs.dim, known.length + 1) : null;
  return known && axis !== null ? known.toSpliced(axis, 0, inputs.length) : null;
}

export function indexSelectShape([x, index]: Inputs, { attrs }: OpCall<'index_select'>): Shape {
  const axis = x ? axisOf(attrs.dim, x.length) : null;
  const picked = attrs.index ? [attrs.index.length] : index;
  return x && axis !== null && picked ? x.toSpliced(axis, 1, ...picked) : null;
}

export function padShape([x]: Inputs, { attrs }: OpCall<'pad'>, { sizeOf }: SizeScope): Shape {
  if (!x || attrs.pads.length > 2 * x.length) return null;
  return x.map((dim, axis) => {
    const at = 2 * (x.length - 1 - axis);
    const sides = attrs.pads.slice(at, at + 2).map((side) => extentDim(side, sizeOf));
    if (sides.every((side) => side === 0)) return dim;
    const [before, behind] = sides;
    if (typeof dim !== 'number' || typeof before !== 'number' || typeof behind !== 'number')
      return UNKNOWN_DIM;
    return dim + before + behind;
  });
}

export function pixelShuffleShape([x]: Inputs, { attrs: { factor } }: OpCall<'pixel_shuffle'>): Shape {
  if (!x || x.length < 3) return null;
  const [channels = UNKNOWN_DIM, ...image] = x.slice(-3);
  return [
    ...x.slice(0, -3),
    quotientOf([channels], [factor ** 2]),
    ...image.map((dim) => productOf([dim, factor])),
  ];
}

export function pixelUnshuffleShape([x]: Inputs, { attrs: { factor } }: OpCall<'pixel_unshuffle'>): Shape {
  if (!x || x.length < 3) return null;
  const [channels = UNKNOWN_DIM, ...image] = x.slice(-3);
  return [
    ...x.slice(0, -3),
    productOf([channels, factor ** 2]),
    ...image.map((dim) => quotientOf([dim], [factor])),
  ];
}

/** A size or scale for each of the last axes; a single one is for all behind the second. */
export function perAxis<T>(list: readonly T[], rank: number): readonly T[] {
  const [all] = list;
  return list.length === 1 && all !== undefined ? new Array<T>(Math.max(1, rank - 2)).fill(all) : list;
}

export function interpolateShape(
  [x]: Inputs,
  { attrs }: OpCall<'interpolate'>,
  { sizeOf }: SizeScope,
): Shape {
  if (!x) return null;
  const sizes = attrs.size && expandExtents(attrs.size, sizeOf);
  const changed = perAxis<Dim>(sizes ?? attrs.scale ?? [], x.length);
  const from = x.length - changed.length;
  if (from < 0 || (!sizes && !attrs.scale)) return null;
  return x.map((dim, axis) => {
    const by = changed[axis - from];
    if (by === undefined || sizes) return by ?? dim;
    return resized(dim, by);
  });
}

/** `⌊size · scale⌋`. */
const resized = (dim: Dim, scale: Dim): Dim =>
  scale === 1
    ? dim
    : typeof dim === 'number' && typeof scale === 'number'
      ? Math.floor(dim * scale)
      : UNKNOWN_DIM;

export function einsumShape(inputs: Inputs, { attrs }: OpCall<'einsum'>): Shape {
  if (!inputs.every((shape) => shape !== null)) return null;
  const terms = einsumTerms(
    attrs.equation,
    inputs.map((shape) => shape?.length ?? 0),
  );
  const sizes = new Map<string, Dim>();
  terms.inputs.forEach((letters, i) => {
    letters.forEach((letter, axis) => {
      const dim = inputs[i]?.[axis] ?? UNKNOWN_DIM;
      if (!sizes.has(letter) || sizes.get(letter) === 1) sizes.set(letter, dim);
    });
  });
  return terms.output.map((letter) => sizes.get(letter) ?? UNKNOWN_DIM);
}

export function topkShape([x]: Inputs, { attrs }: OpCall<'topk'>): Shape {
  const axis = x ? axisOf(attrs.dim, x.length) : null;
  return x && axis !== null ? x.with(axis, attrs.count) : null;
}

export function arangeShape(_: Inputs, { attrs }: OpCall<'arange'>, { sizeOf }: SizeScope): Shape {
  const [start, end, step] = [attrs.start, attrs.end, attrs.step].map((bound) => extentDim(bound, sizeOf));
  if (typeof start === 'number' && typeof end === 'number' && typeof step === 'number')
    return [Math.max(0, Math.ceil((end - start) / step))];
  return [start === 0 && step === 1 ? (end ?? UNKNOWN_DIM) : UNKNOWN_DIM];
}

export const fullShape = (_: Inputs, { attrs }: OpCall<'full'>, { sizeOf }: SizeScope): Shape =>
  expandExtents(attrs.shape, sizeOf);

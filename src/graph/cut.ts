import type { Cut } from './op';

/** Where part `part` of an axis of `size` entries begins and ends; null where there is no such part. Parts are numbers by now. */
export function partBounds(cut: Cut, part: number, size: number): readonly [number, number] | null {
  if (cut.kind !== 'sizes') return equalBounds(partWidth(cut, size), part, size);
  const sizes = cut.sizes.map((width) => (typeof width === 'number' ? width : Number.NaN));
  const at = part < 0 ? part + sizes.length : part;
  const length = sizes[at];
  if (length === undefined) return null;
  const start = sizes.slice(0, at).reduce((sum, width) => sum + width, 0);
  return [start, start + length];
}

/** PyTorch's `chunk` makes parts of one size, fewer of them where they use up the axis; `split` of a size as well. */
function partWidth(cut: Exclude<Cut, { kind: 'sizes' }>, size: number): number {
  if (cut.kind === 'chunks') return Math.ceil(size / cut.count);
  return typeof cut.size === 'number' ? cut.size : Number.NaN;
}

/** Parts of one width, the last one smaller where they do not come out even. There may be a billion of them. */
function equalBounds(width: number, part: number, size: number): readonly [number, number] | null {
  const count = width > 0 ? Math.ceil(size / width) : size === 0 ? 1 : 0;
  const at = part < 0 ? part + count : part;
  if (!Number.isInteger(at) || at < 0 || at >= count) return null;
  if (!(width > 0)) return [0, 0];
  return [at * width, Math.min(size, (at + 1) * width)];
}

import type { Cut } from './op';

/** Where part `part` of an axis of `size` entries begins and ends; null where there is no such part. Parts are numbers by now. */
export function partBounds(cut: Cut, part: number, size: number): readonly [number, number] | null {
  const sizes = partSizes(cut, size);
  const at = part < 0 ? part + sizes.length : part;
  const length = sizes[at];
  if (length === undefined) return null;
  const start = sizes.slice(0, at).reduce((sum, width) => sum + width, 0);
  return [start, start + length];
}

/** PyTorch's `chunk` makes parts of one size, fewer of them where they use up the axis; `split` of a size as well. */
function partSizes(cut: Cut, size: number): readonly number[] {
  if (cut.kind === 'sizes') return cut.sizes.map((width) => (typeof width === 'number' ? width : Number.NaN));
  const width =
    cut.kind === 'chunks'
      ? Math.ceil(size / cut.count)
      : typeof cut.size === 'number'
        ? cut.size
        : Number.NaN;
  if (!(width > 0)) return size === 0 ? [0] : [];
  return Array.from({ length: Math.ceil(size / width) }, (_, i) => Math.min(width, size - i * width));
}

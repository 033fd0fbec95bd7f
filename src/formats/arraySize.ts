import { FormatError } from './errors';

/** 2 GiB as float32: about the largest buffer that browsers allocate in one piece. */
export const MAX_ARRAY_ELEMENTS = 2 ** 29;
/** NumPy's own limit. */
export const MAX_RANK = 32;

/** Which array of which file a message is about. */
export interface ArrayLabel {
  readonly file: string;
  /** `tensor 'fc1.weight'`, `array 'x'`. */
  readonly what: string;
}

/**
 * Number of elements of a shape read from a file, checked before anything is allocated: a FormatError when a
 * dimension is not a whole number of at least 0, or when rank or size pass the limits.
 */
export function elementCount(shape: readonly number[], label: ArrayLabel): number {
  const text = `[${shape.join(', ')}]`;
  if (shape.length > MAX_RANK)
    throw new FormatError(
      label.file,
      `${label.what} has ${shape.length} dimensions; at most ${MAX_RANK} can be.`,
    );
  for (const dim of shape)
    if (!Number.isSafeInteger(dim) || dim < 0)
      throw new FormatError(
        label.file,
        `${label.what} has shape ${text}; a dimension must be a whole number of at least 0, got ${dim}.`,
      );
  // A product that overflowed could wrap to a small number, so the limit is checked at every factor.
  let count = 1;
  for (const dim of [...shape].sort((a, b) => a - b)) {
    count *= dim;
    if (count > MAX_ARRAY_ELEMENTS || dim > MAX_ARRAY_ELEMENTS)
      throw new FormatError(
        label.file,
        `${label.what} has shape ${text}, more than the ${MAX_ARRAY_ELEMENTS.toLocaleString('en-US')} elements that the studio reads as one array; split it.`,
      );
  }
  return count;
}

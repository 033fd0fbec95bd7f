export type SortKey = number | string | null;

export interface Order {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

const isKnown = (key: SortKey): key is number | string => key !== null && !Number.isNaN(key);

/** Numbers by size, words as people sort them: `layer2` before `layer10`. */
export function compareKeys(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** The rows in the order of a key; what is not known comes last in both directions, and equal rows stay as they were. */
export function sortRows<T>(
  rows: readonly T[],
  keyOf: (row: T) => SortKey,
  direction: Order['direction'],
): readonly T[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return rows.toSorted((left, right) => {
    const [a, b] = [keyOf(left), keyOf(right)];
    if (!isKnown(a) || !isKnown(b)) return Number(isKnown(b)) - Number(isKnown(a));
    return sign * compareKeys(a, b);
  });
}

/** A column's button sorts by it one way, then the other, then puts the rows back into their own order. */
export function nextOrder(order: Order | null, column: string, first: Order['direction']): Order | null {
  if (order?.column !== column) return { column, direction: first };
  if (order.direction !== first) return null;
  return { column, direction: first === 'ascending' ? 'descending' : 'ascending' };
}

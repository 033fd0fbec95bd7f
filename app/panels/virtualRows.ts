import type { VirtualItem } from '@tanstack/react-virtual';

/** A row that is in the page. */
export interface DrawnRow {
  readonly index: number;
  /** Rows left out before it. */
  readonly gap: number;
}

/** The rows to draw, and the rows after the last of them. */
export function drawnRows(items: readonly Pick<VirtualItem, 'index'>[], count: number) {
  let next = 0;
  const rows = items.map(({ index }): DrawnRow => {
    const gap = index - next;
    next = index + 1;
    return { index, gap };
  });
  return { rows, rest: count - next };
}

/** The rows with one more among them, which keys go to wherever it is; of `count` rows in all. */
export function withRow(items: readonly Pick<VirtualItem, 'index'>[], row: number, count: number) {
  if (row >= count || items.some(({ index }) => index === row)) return items;
  return [...items, { index: row }].toSorted((a, b) => a.index - b.index);
}

/** For a list that is drawn whole. */
export const everyRow = (count: number): readonly Pick<VirtualItem, 'index'>[] =>
  Array.from({ length: count }, (_, index) => ({ index }));

/** Scrolls so much that the row is in sight, and not at all when it is. `head` pixels lie over the first row. */
export function revealRow(scroll: HTMLElement, index: number, height: number, head = 0): void {
  const top = index * height;
  const room = scroll.clientHeight - head - height;
  if (top < scroll.scrollTop) scroll.scrollTop = top;
  else if (top > scroll.scrollTop + room) scroll.scrollTop = top - Math.max(0, room);
}

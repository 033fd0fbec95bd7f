import type { OutlineRow } from './tree';

/** What a key does in the tree, by the pattern of WAI-ARIA: moves the current line, opens, closes or takes it. */
export type TreeMove =
  | { readonly kind: 'go'; readonly to: number }
  | { readonly kind: 'open' | 'close' | 'take'; readonly at: number };

const nameOf = ({ item }: OutlineRow): string => (item.kind === 'module' ? item.title : item.node.name);

/** The next line, around the end, whose name begins with the letter. */
function byLetter(rows: readonly OutlineRow[], at: number, letter: string): TreeMove | null {
  const order = rows.map((_, offset) => (at + 1 + offset) % rows.length);
  const to = order.find((index) => {
    const row = rows[index];
    return row !== undefined && nameOf(row).toLowerCase().startsWith(letter);
  });
  return to === undefined ? null : { kind: 'go', to };
}

function toTheLeft(
  rows: readonly OutlineRow[],
  at: number,
  row: OutlineRow,
  isOpen: boolean,
): TreeMove | null {
  if (isOpen) return { kind: 'close', at };
  const to = rows.findIndex(({ item }) => item.key === row.parent);
  return to < 0 ? null : { kind: 'go', to };
}

function toTheRight(at: number, row: OutlineRow, isOpen: boolean): TreeMove | null {
  if (row.item.kind === 'node') return null;
  return isOpen ? { kind: 'go', to: at + 1 } : { kind: 'open', at };
}

/** Null for a key that the tree has no use for. */
export function treeMove(
  key: string,
  rows: readonly OutlineRow[],
  at: number,
  open: ReadonlySet<string>,
): TreeMove | null {
  const row = rows[at];
  if (row === undefined) return null;
  const last = rows.length - 1;
  const isOpen = row.item.kind === 'module' && open.has(row.item.key);
  const moves: Readonly<Record<string, () => TreeMove | null>> = {
    ArrowDown: () => ({ kind: 'go', to: Math.min(last, at + 1) }),
    ArrowUp: () => ({ kind: 'go', to: Math.max(0, at - 1) }),
    PageDown: () => ({ kind: 'go', to: Math.min(last, at + 10) }),
    PageUp: () => ({ kind: 'go', to: Math.max(0, at - 10) }),
    Home: () => ({ kind: 'go', to: 0 }),
    End: () => ({ kind: 'go', to: last }),
    ArrowLeft: () => toTheLeft(rows, at, row, isOpen),
    ArrowRight: () => toTheRight(at, row, isOpen),
    Enter: () => ({ kind: 'take', at }),
    ' ': () => ({ kind: 'take', at }),
  };
  const move = moves[key];
  if (move !== undefined) return move();
  return /^[\w]$/.test(key) ? byLetter(rows, at, key.toLowerCase()) : null;
}

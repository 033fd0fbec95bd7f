import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, startTransition, useCallback, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { useStudio } from '../../store/context';
import { whenIdle } from '../../whenIdle';
import { drawnRows, everyRow, revealRow, withRow } from '../virtualRows';

/** Pixels, as in app/styles/layers.css: known heights let rows be found without being drawn. */
export const ROW_HEIGHT = 27;
export const HEAD_HEIGHT = 27;

/** Tables up to this size are drawn whole. */
const DRAWN_WHOLE = 200;
const OVERSCAN = 10;

/** So many rows are made at a time: each has two lists of choices. */
const MADE_AT_ONCE = 16;
/** More of them wait no longer than this for the page to be at rest. */
const MADE_MS = 100;

/** Of so many rows those that are made so far, more from task to task until all are. */
function useMade(count: number): number {
  const [made, setMade] = useState(MADE_AT_ONCE);
  useEffect(() => {
    if (made >= count) return;
    return whenIdle(() => startTransition(() => setMade(made + MADE_AT_ONCE)), MADE_MS);
  }, [made, count]);
  return Math.min(made, count);
}

/**
 * Which rows are drawn, and the one at which Tab stops: it stays in the page wherever the table is scrolled, so that the
 * focus is never lost with a row.
 */
export function useRows(scroll: RefObject<HTMLDivElement | null>, names: readonly string[]) {
  const [active, setActive] = useState<string | null>(null);
  const stop = Math.max(0, active === null ? 0 : names.indexOf(active));
  const isWhole = names.length <= DRAWN_WHOLE;
  const virtualizer = useVirtualizer({
    enabled: !isWhole,
    count: names.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), stop])].toSorted((a, b) => a - b),
  });
  const made = useMade(isWhole ? names.length : 2 * MADE_AT_ONCE);
  const inSight = virtualizer.getVirtualItems();
  const near = made === MADE_AT_ONCE ? inSight.slice(0, made) : inSight;
  // The row that a key goes to is made at once, with the others still to come.
  const items = withRow(isWhole ? everyRow(made) : near, stop, names.length);
  const reveal = useCallback(
    (index: number) => {
      if (scroll.current !== null && index >= 0) revealRow(scroll.current, index, ROW_HEIGHT, HEAD_HEIGHT);
    },
    [scroll],
  );
  /** Puts the focus on a row's mark. */
  const focusRow = (index: number) => {
    const name = names[index];
    if (name === undefined) return;
    flushSync(() => setActive(name));
    reveal(index);
    const mark = scroll.current?.querySelector(`[data-mark="${CSS.escape(name)}"]`);
    if (mark instanceof HTMLElement) mark.focus({ preventScroll: true });
  };
  useSelectionInSight(names, reveal);
  return { ...drawnRows(items, names.length), stop, setActive, focusRow };
}

/** What is selected anywhere on the page has its row in sight. */
function useSelectionInSight(names: readonly string[], reveal: (index: number) => void) {
  const selected = useStudio((studio) => studio.selected);
  const index = selected === null ? -1 : names.indexOf(selected);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a row that moves by a new order is not followed
  useEffect(() => reveal(index), [selected, reveal]);
}

import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { useStudio } from '../store/context';
import { playedOf } from '../store/playback/position';
import { drawnRows, everyRow, revealRow } from './virtualRows';

/** Pixels, as in app/styles/pipeline.css: known heights let rows be found without being drawn. */
export const CHANGE_HEIGHT = 22;
/** Lists up to this size are drawn whole. */
const DRAWN_WHOLE = 200;
const OVERSCAN = 12;

/**
 * The rows of a list of changes near its sight, and the one at which Tab stops: it stays in the page wherever the list is
 * scrolled, so that the focus is never lost with a row. The change that was made last is kept in sight.
 */
export function useChangeRows(scroll: RefObject<HTMLElement | null>, count: number) {
  const position = useStudio((studio) => playedOf(studio)?.position ?? null);
  const [wanted, setStop] = useState(0);
  const stop = Math.min(wanted, count - 1);
  const isWhole = count <= DRAWN_WHOLE;
  const virtualizer = useVirtualizer({
    enabled: !isWhole,
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => CHANGE_HEIGHT,
    overscan: OVERSCAN,
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), stop])].toSorted((a, b) => a - b),
  });
  useEffect(() => {
    if (position === null || position === 0) return;
    setStop(position - 1);
    if (scroll.current !== null) revealRow(scroll.current, position - 1, CHANGE_HEIGHT);
  }, [position, scroll]);
  /** Puts the focus on a change; on the first or last one where there is none so far. */
  const focusRow = (index: number) => {
    const row = Math.max(0, Math.min(count - 1, index));
    flushSync(() => setStop(row));
    if (scroll.current === null) return;
    revealRow(scroll.current, row, CHANGE_HEIGHT);
    scroll.current.querySelector<HTMLElement>(`[data-number="${row + 1}"]`)?.focus({ preventScroll: true });
  };
  const items = isWhole ? everyRow(count) : virtualizer.getVirtualItems();
  return { ...drawnRows(items, count), stop, setStop, focusRow };
}

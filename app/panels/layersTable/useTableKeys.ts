import type { KeyboardEvent, MouseEvent } from 'react';
import { useStudioStore } from '../../store/context';

/** Rows of a page of the table, about. */
const PAGE = 10;

const NEXT: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  PageDown: (at, last) => Math.min(at + PAGE, last),
  PageUp: (at) => Math.max(at - PAGE, 0),
  Home: () => 0,
  End: (_, last) => last,
};

/**
 * Keys at a row's mark: arrows go from row to row, with Shift they mark what they pass, Enter shows the layer in the
 * graph, Ctrl+A marks all that the table shows. Space is the mark's own.
 */
export function useTableKeys(names: readonly string[], focusRow: (index: number) => void) {
  const store = useStudioStore();
  return (event: KeyboardEvent<HTMLElement>) => {
    const { mark, markAll, goTo } = store.getState();
    const layer = event.target instanceof HTMLElement ? event.target.dataset.mark : undefined;
    if (layer === undefined) return;
    if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return markAll(names);
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      return goTo(layer);
    }
    const next = NEXT[event.key]?.(names.indexOf(layer), names.length - 1);
    const name = next === undefined ? undefined : names[next];
    if (next === undefined || name === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) {
      // The row where the range begins belongs to it.
      mark(layer, 'range');
      mark(name, 'range');
    } else mark(name, 'from');
    focusRow(next);
  };
}

/** What takes a click for itself. */
const CONTROLS = 'a, button, input, select, label';

/** A click anywhere on a row marks it alone and shows it in the graph; with Ctrl it marks one more, with Shift all between. */
export function useRowClicks() {
  const store = useStudioStore();
  return (event: MouseEvent<HTMLElement>) => {
    const { target } = event;
    const row = target instanceof Element && !target.closest(CONTROLS) ? target.closest('tr') : null;
    const layer = row?.dataset.layer;
    if (layer === undefined) return;
    const { mark, goTo } = store.getState();
    if (event.shiftKey) return mark(layer, 'range');
    if (event.ctrlKey || event.metaKey) return mark(layer, 'toggle');
    mark(layer, 'only');
    goTo(layer);
  };
}

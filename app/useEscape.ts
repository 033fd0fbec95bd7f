import { useEffect } from 'react';
import { useStudioStore } from './store/context';

/** What Escape closes by itself, and what it empties. */
const OVERLAYS = '[role=menu], [role=dialog], [role=alertdialog], dialog, [data-drafts]';

/**
 * Escape deselects, from wherever the focus is, unless it closes something first: the marked layers when the focus is
 * among them, the path that is followed, the chosen column, else the node.
 */
export function useEscape() {
  const store = useStudioStore();
  useEffect(() => {
    const listeners = new AbortController();
    const deselect = (event: KeyboardEvent) => {
      const inOverlay = event.target instanceof Element && event.target.closest(OVERLAYS) !== null;
      if (event.key !== 'Escape' || event.defaultPrevented || inOverlay) return;
      const { marked, selected, markAll, select, pathFocus, endPathFocus, column, chooseColumn } =
        store.getState();
      const inTable = event.target instanceof Element && event.target.closest('.lower') !== null;
      if (marked.length > 0 && (inTable || selected === null)) markAll([]);
      else if (pathFocus !== null) endPathFocus();
      else if (column !== null) chooseColumn(null);
      else select(null);
    };
    // In the capturing phase a menu is still open, and the focus still in it.
    window.addEventListener('keydown', deselect, { capture: true, signal: listeners.signal });
    return () => listeners.abort();
  }, [store]);
}

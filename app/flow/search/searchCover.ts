import type { Rect } from '../viewport';

/** What the search's list lies over, in pixels of a pane; null while it is over none. Of two panes, which move as one, all of both. */
export function searchCover(): Rect | null {
  const list = document.querySelector('.graph-search [role=listbox]')?.getBoundingClientRect();
  if (list === undefined || list.width === 0) return null;
  const covered = [...document.querySelectorAll('.flow-pane')].flatMap((element) => {
    const pane = element.getBoundingClientRect();
    const [left, right] = [Math.max(list.left, pane.left), Math.min(list.right, pane.right)];
    const bottom = Math.min(list.bottom, pane.bottom);
    return left < right && bottom > pane.top
      ? [{ left: left - pane.left, right: right - pane.left, bottom: bottom - pane.top }]
      : [];
  });
  if (covered.length === 0) return null;
  const x = Math.min(...covered.map(({ left }) => left));
  const width = Math.max(...covered.map(({ right }) => right)) - x;
  // It hangs from above, or from its field in the pane: nothing is to be seen over it.
  return { x, y: 0, width, height: Math.max(...covered.map(({ bottom }) => bottom)) };
}

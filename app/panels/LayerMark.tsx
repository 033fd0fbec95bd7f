import type { KeyboardEvent } from 'react';
import { useStudio, useStudioStore } from '../store/context';

const NEXT: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
};

/** Arrows go from mark to mark, with Shift they mark what they pass; Ctrl+A marks all. */
function useKeys() {
  const store = useStudioStore();
  return (event: KeyboardEvent<HTMLButtonElement>) => {
    const { view, mark, markAll } = store.getState();
    const names = view.layers.map(({ name }) => name);
    if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return markAll(names);
    }
    const marks = [...(event.currentTarget.closest('table')?.querySelectorAll('[data-mark]') ?? [])];
    const next = NEXT[event.key]?.(marks.indexOf(event.currentTarget), marks.length - 1);
    const [button, name] = next === undefined ? [] : [marks[next], names[next]];
    if (!(button instanceof HTMLElement) || name === undefined) return;
    event.preventDefault();
    // The row where the range begins belongs to it.
    if (event.shiftKey) mark(event.currentTarget.dataset.mark ?? name, 'range');
    if (event.shiftKey) mark(name, 'range');
    button.focus();
  };
}

/** Marks a row for choices over several layers. A circle: the square in the row says whether it is equalized. */
export function LayerMark({ layer }: { layer: string }) {
  const isMarked = useStudio((studio) => studio.marked.includes(layer));
  const isStop = useStudio(({ anchor, view }) => (anchor ?? view.layers[0]?.name) === layer);
  const mark = useStudio((studio) => studio.mark);
  const onKeyDown = useKeys();
  return (
    <button
      type="button"
      className="mark"
      data-mark={layer}
      aria-pressed={isMarked}
      aria-label={`Select ${layer}`}
      tabIndex={isStop ? 0 : -1}
      onKeyDown={onKeyDown}
      onClick={(event) => mark(layer, event.shiftKey ? 'range' : 'toggle')}
    >
      <span aria-hidden>{isMarked ? '✓' : ''}</span>
    </button>
  );
}

/** All rows or none. */
export function AllMarks() {
  const layers = useStudio((studio) => studio.view.layers);
  const count = useStudio((studio) => studio.marked.length);
  const markAll = useStudio((studio) => studio.markAll);
  const isAll = count === layers.length;
  return (
    <button
      type="button"
      className="mark"
      aria-pressed={isAll ? true : count > 0 ? 'mixed' : false}
      aria-label="Select all layers"
      onClick={() => markAll(isAll ? [] : layers.map(({ name }) => name))}
    >
      <span aria-hidden>{isAll ? '✓' : count > 0 ? '–' : ''}</span>
    </button>
  );
}

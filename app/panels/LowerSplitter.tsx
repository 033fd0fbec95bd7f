import { type KeyboardEvent, type PointerEvent, useEffect } from 'react';
import { useStudio, useStudioStore } from '../store/context';

/** Pixels: the head and a few rows of a table; what the page above needs. */
const LEAST = 120;
const ABOVE = 44 + 160;
const STEP = 24;

const most = (): number => Math.max(LEAST, window.innerHeight - ABOVE);
const within = (height: number): number => Math.round(Math.min(most(), Math.max(LEAST, height)));

/** The height as it is now, whoever set it. */
const heightOf = (element: Element): number => element.parentElement?.getBoundingClientRect().height ?? LEAST;

/** The user's height goes before the one that the style sheet has for the window. */
function useHeight() {
  const height = useStudio((studio) => studio.lowerHeight);
  useEffect(() => {
    const { style } = document.documentElement;
    if (height === null) style.removeProperty('--lower-height');
    else style.setProperty('--lower-height', `min(${height}px, 100vh - ${ABOVE}px)`);
  }, [height]);
  return height;
}

function useDrag() {
  const store = useStudioStore();
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      event.preventDefault();
      event.currentTarget.focus();
    },
    onPointerMove: ({ currentTarget, pointerId, clientY }: PointerEvent<HTMLElement>) => {
      if (!currentTarget.hasPointerCapture(pointerId)) return;
      const bottom = currentTarget.parentElement?.getBoundingClientRect().bottom ?? window.innerHeight;
      store.getState().resizeLower(within(bottom - clientY));
    },
    onDoubleClick: () => store.getState().resizeLower(null),
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const now = heightOf(event.currentTarget);
      const next = { ArrowUp: now + STEP, ArrowDown: now - STEP, Home: LEAST, End: most() }[event.key];
      if (next === undefined && event.key !== 'Enter') return;
      event.preventDefault();
      event.stopPropagation();
      store.getState().resizeLower(next === undefined ? null : within(next));
    },
  };
}

/** The upper edge of the lower panel: dragged, or moved by arrow keys; a double click or Enter puts it back. */
export function LowerSplitter() {
  const height = useHeight();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a window splitter has a value and takes the focus, an <hr> has neither
    <div
      className="lower-splitter"
      role="separator"
      aria-label="Height of the lower panel"
      aria-orientation="horizontal"
      aria-valuemin={LEAST}
      aria-valuemax={most()}
      aria-valuenow={height ?? 200}
      aria-valuetext={height === null ? 'as the window says' : `${height} pixels`}
      title="Drag to resize; double-click to reset"
      tabIndex={0}
      {...useDrag()}
    />
  );
}

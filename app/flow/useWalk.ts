import type { FocusEvent, KeyboardEvent, RefObject } from 'react';
import type { Viewport } from 'reactflow';
import { useStudio } from '../store/context';
import type { DrawnEdge } from './edgePath';
import type { Spot } from './elements';
import { broughtIn, type Rect, type Size } from './viewport';

/** `up` to what a node reads, `down` to what reads it, sideways to what stands level with it. */
export type Way = 'up' | 'down' | 'left' | 'right';

const WAYS: Readonly<Record<string, Way>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  'shift+ArrowLeft': 'left',
  'shift+ArrowRight': 'right',
};

const middleOf = ({ x, width }: Rect): number => x + width / 2;

/** Level with one another: their heights overlap. */
const isLevel = (a: Rect, b: Rect): boolean => a.y < b.y + b.height && b.y < a.y + a.height;

/** Where a step along the edges, or to what stands level, leads; undefined at an end. */
export function nextOnWay(
  way: Way,
  from: string,
  spots: readonly Spot[],
  edges: readonly DrawnEdge[],
): Spot | undefined {
  const here = spots.find(({ id }) => id === from);
  if (here === undefined) return undefined;
  const byDistance = (found: readonly Spot[]) =>
    found.toSorted(
      (a, b) =>
        Math.abs(middleOf(a.rect) - middleOf(here.rect)) - Math.abs(middleOf(b.rect) - middleOf(here.rect)) ||
        Math.abs(a.rect.y - here.rect.y) - Math.abs(b.rect.y - here.rect.y),
    )[0];
  const nodes = spots.filter(({ content }) => content.kind !== 'frame');
  if (here.content.kind === 'frame' && way === 'down')
    return nodes.find(({ rect }) => isInside(rect, here.rect));
  if (way === 'left' || way === 'right') {
    const sign = way === 'left' ? -1 : 1;
    return byDistance(
      nodes.filter(
        ({ id, rect }) =>
          id !== from && isLevel(rect, here.rect) && sign * (middleOf(rect) - middleOf(here.rect)) > 0,
      ),
    );
  }
  const ends = new Set(
    edges.flatMap((edge) => {
      if (way === 'down') return edge.from === from ? [edge.to] : [];
      return edge.to === from ? [edge.from] : [];
    }),
  );
  return byDistance(nodes.filter(({ id }) => ends.has(id)));
}

const isInside = (inner: Rect, outer: Rect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

interface Walked {
  readonly root: RefObject<HTMLElement | null>;
  readonly spots: readonly Spot[];
  readonly edges: readonly DrawnEdge[];
  readonly pane: Size;
  readonly viewport: Viewport;
  readonly onViewport: (viewport: Viewport) => void;
}

/** How many frames a node may take to be drawn before it gets the focus. */
const PATIENCE = 30;

/** Focuses what the view has just been moved to: it may have to be drawn first. */
function focusWhenDrawn(root: HTMLElement | null, id: string, left = PATIENCE): void {
  const item = root?.querySelector<HTMLElement>(`[data-item="${CSS.escape(id)}"]`);
  if (item) item.focus({ preventScroll: true });
  else if (left > 0) requestAnimationFrame(() => focusWhenDrawn(root, id, left - 1));
}

/** What is drawn around an element: a node, a group, the title of a frame. */
export const itemOf = (target: EventTarget): string | null =>
  target instanceof Element ? (target.closest('[data-item]')?.getAttribute('data-item') ?? null) : null;

/** Moves selection, focus and view from node to node. */
function useWalk({ root, spots, edges, pane, viewport, onViewport }: Walked) {
  const select = useStudio((studio) => studio.select);
  return (way: Way, from: string) => {
    const next = nextOnWay(way, from, spots, edges);
    if (next === undefined) return;
    if (next.content.kind === 'node') select(next.id);
    onViewport(broughtIn(next.rect, pane, viewport));
    focusWhenDrawn(root.current, next.id);
  };
}

/** The arrow keys walk along the edges, with Shift to what stands level. */
export function useWalkKeys(walked: Walked) {
  const walk = useWalk(walked);
  return (event: KeyboardEvent) => {
    const way = WAYS[`${event.shiftKey ? 'shift+' : ''}${event.key}`];
    const from = itemOf(event.target);
    if (way === undefined || from === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    walk(way, from);
  };
}

/** Of a frame only its button, in its upper left corner, must be in sight. */
const BUTTON = { width: 240, height: 46 };

/** What the keyboard comes to is brought into sight; what the pointer presses is in sight. */
export function useFocusInSight({ spots, pane, viewport, onViewport }: Omit<Walked, 'root' | 'edges'>) {
  return ({ target }: FocusEvent) => {
    if (!(target instanceof Element) || !target.matches(':focus-visible')) return;
    const id = target.closest('[data-item]')?.getAttribute('data-item');
    const rect = spots.find((spot) => spot.id === id)?.rect;
    if (rect === undefined) return;
    const { x, y } = rect;
    const width = Math.min(rect.width, BUTTON.width);
    const height = Math.min(rect.height, BUTTON.height);
    onViewport(broughtIn({ x, y, width, height }, pane, viewport));
  };
}

import type { TooltipProps } from '@mantine/core';

/** Pixels from a hint to the graph's edges. */
const EDGE = 6;
/** A graph that is farther than this, as where the page is one column, is no place for a hint. */
const NEAR = 240;

interface Point {
  readonly x: number;
  readonly y: number;
}
interface Placed extends Point {
  readonly rects: { readonly reference: Point; readonly floating: { width: number; height: number } };
  readonly elements: { readonly reference: { getBoundingClientRect(): Point } };
}

const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));

/** The place nearest to the one given at which a hint lies over the graph. Places are the page's, rectangles the window's. */
function intoGraph({ x, y, rects, elements }: Placed): Point {
  const graph = document.querySelector('.flow-panes')?.getBoundingClientRect();
  if (graph === undefined) return { x, y };
  const { reference, floating } = rects;
  const shown = elements.reference.getBoundingClientRect();
  const [left, top] = [graph.left + reference.x - shown.x, graph.top + reference.y - shown.y];
  const inX = within(x, left + EDGE, left + graph.width - EDGE - floating.width);
  const inY = within(y, top + EDGE, top + graph.height - EDGE - floating.height);
  return Math.hypot(inX - x, inY - y) > NEAR ? { x, y } : { x: inX, y: inY };
}

/** For the hint of a control that stands about the graph: it opens over the graph, where it covers no other control. */
export const OVER_GRAPH = {
  position: 'bottom',
  middlewares: { flip: false, shift: { crossAxis: true, limiter: { fn: intoGraph } } },
} as const satisfies Partial<TooltipProps>;

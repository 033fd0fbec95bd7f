import type { Viewport } from 'reactflow';
import type { Positions } from './layout';
import { type LayoutNode, NODE_HEIGHT, NODE_WIDTH, widthWithConstants } from './nodeSize';

export interface Size {
  readonly width: number;
  readonly height: number;
}
/** A place and its size, in the graph's own pixels. */
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}
/** Nodes in their places. */
export interface Drawn {
  readonly nodes: readonly LayoutNode[];
  readonly positions: Positions;
  /** Around open groups. */
  readonly frames?: readonly Rect[];
}

export const ZOOM = { min: 0.02, max: 2 };
/** The smallest letters of a node have 11 px and stay at 10: a large graph starts at its top instead of whole. */
export const READABLE = 10 / 11;
const EDGE = 8;
const MARGIN = { side: 10, top: 36, bottom: 12 };

function boxOf(name: string, role: LayoutNode['role'], positions: Positions): Rect | null {
  const place = positions.get(name);
  return place === undefined
    ? null
    : { x: place.x, y: place.y, width: NODE_WIDTH[role], height: NODE_HEIGHT };
}

/** The boxes of the nodes, in the graph's pixels. */
const boxesOf = ({ nodes, positions }: Drawn): readonly Rect[] =>
  nodes.flatMap(({ name, role }) => boxOf(name, role, positions) ?? []);

/** The whole graph, with the frames of its open groups. */
export const boundsOf = (drawn: Drawn): Rect => around([...boxesOf(drawn), ...(drawn.frames ?? [])]);

/** The box around boxes. */
function around(boxes: readonly Rect[]): Rect {
  if (boxes.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const x = boxes.reduce((least, box) => Math.min(least, box.x), Number.POSITIVE_INFINITY);
  const y = boxes.reduce((least, box) => Math.min(least, box.y), Number.POSITIVE_INFINITY);
  const right = boxes.reduce((most, box) => Math.max(most, box.x + box.width), Number.NEGATIVE_INFINITY);
  const bottom = boxes.reduce((most, box) => Math.max(most, box.y + box.height), Number.NEGATIVE_INFINITY);
  return { x, y, width: right - x, height: bottom - y };
}

/** The nodes under the first one (it is centred over x = 0), with the constants beside or above them. */
function mainChain({ nodes, positions }: Drawn): Rect {
  const reach = widthWithConstants('op', 'beside') / 2;
  const isNear = ({ name, role }: LayoutNode) => {
    const box = boxOf(name, role, positions);
    if (box === null) return false;
    const isConstant = positions.get(name)?.constant !== null;
    return isConstant
      ? box.x >= -reach - 1 && box.x + box.width <= reach + 1
      : Math.abs(box.x + box.width / 2) < 1;
  };
  return around(boxesOf({ nodes: nodes.filter(isNear), positions }));
}

function zoomFor(bounds: Rect, pane: Size, least: number): number {
  const room = { width: pane.width - 2 * MARGIN.side, height: pane.height - MARGIN.top - MARGIN.bottom };
  const whole = Math.min(1, room.width / Math.max(1, bounds.width), room.height / Math.max(1, bounds.height));
  return Math.max(least, whole);
}

const topCentred = (middle: Rect, top: number, pane: Size, zoom: number): Viewport => ({
  x: pane.width / 2 - (middle.x + middle.width / 2) * zoom,
  y: MARGIN.top - top * zoom,
  zoom,
});

/** Shows the whole graph if it stays readable, else the top of its main chain. Never enlarges. */
export function fitted(drawn: Drawn, pane: Size): Viewport {
  const bounds = boundsOf(drawn);
  const zoom = zoomFor(bounds, pane, READABLE);
  const fits = bounds.width * zoom <= pane.width - 2 * EDGE;
  return topCentred(fits ? bounds : mainChain(drawn), bounds.y, pane, zoom);
}

/** The whole graph, however small it becomes. */
export function overview(drawn: Drawn, pane: Size): Viewport {
  const bounds = boundsOf(drawn);
  return topCentred(bounds, bounds.y, pane, zoomFor(bounds, pane, ZOOM.min));
}

/** How many nodes have their middle in the pane. */
function inSight(boxes: readonly Rect[], pane: Size, { x, y, zoom }: Viewport): number {
  const isIn = (box: Rect) => {
    const middle = { x: (box.x + box.width / 2) * zoom + x, y: (box.y + box.height / 2) * zoom + y };
    return middle.x >= 0 && middle.x <= pane.width && middle.y >= 0 && middle.y <= pane.height;
  };
  return boxes.filter(isIn).length;
}

/** Sideways: whether part of the box is outside the room, which is a pane or a part of one. */
const isCut = (box: Rect, room: Size & { readonly x?: number }, { x, zoom }: Viewport): boolean => {
  const left = room.x ?? 0;
  return box.x * zoom + x < left || (box.x + box.width) * zoom + x > left + room.width;
};

/** Moves the graph sideways, just enough to bring the box into sight, when it is narrow enough for that. */
function sidewaysInSight(box: Rect, pane: Size, current: Viewport): Viewport {
  const left = box.x * current.zoom + current.x;
  const right = left + box.width * current.zoom;
  if (right - left > pane.width - 2 * EDGE) return current;
  const shift = Math.max(0, EDGE - left) + Math.min(0, pane.width - EDGE - right);
  return shift === 0 ? current : { ...current, x: current.x + shift };
}

/** Whether the middle of the box is in sight sideways. */
const isMiddleSeen = ({ x, width }: Rect, pane: Size, view: Viewport): boolean => {
  const middle = (x + width / 2) * view.zoom + view.x;
  return middle >= 0 && middle <= pane.width;
};

/** The graph as a whole: as it was while half of what a fresh view would show is in sight; else the fresh view. */
function keptWhole(drawn: Drawn, pane: Size, current: Viewport, isNewPane: boolean, isAtChain: boolean) {
  const fresh = fitted(drawn, pane);
  const boxes = boxesOf(drawn);
  const chain = mainChain(drawn);
  const whole = sidewaysInSight(around(boxes), pane, current);
  const shifted = isAtChain ? sidewaysInSight(chain, pane, whole) : whole;
  const isSeen = 2 * inSight(boxes, pane, shifted) >= inSight(boxes, pane, fresh);
  const isNewlyCut = isNewPane && isAtChain && isCut(chain, pane, shifted) && !isCut(chain, pane, fresh);
  return isSeen && !isNewlyCut ? shifted : fresh;
}

/** A node that is looked at: where it was, and where it is now. */
export interface Held {
  readonly before: Rect;
  readonly after: Rect;
}

/**
 * The view of a new step, or in a pane of a new size: as it was while half of what a fresh view would show (half of
 * the graph, if all of it fits) is in sight; else the fresh view. In a new pane the middle stays the middle, and the
 * main chain must not be cut off; who had left it sideways is not brought back to it. A held node that was in sight
 * stays in sight; one that was not has no say.
 */
export function kept(
  drawn: Drawn,
  pane: Size,
  view: Viewport,
  previous: Size,
  held: Held | null = null,
): Viewport {
  const isNewPane = pane.width !== previous.width || pane.height !== previous.height;
  const current = isNewPane ? { ...view, x: view.x + (pane.width - previous.width) / 2 } : view;
  const isAtChain = isMiddleSeen(mainChain(drawn), previous, view);
  const next = keptWhole(drawn, pane, current, isNewPane, isAtChain);
  const isLost =
    held !== null && covers(sightOf(view, previous), held.before) && !covers(sightOf(next, pane), held.after);
  return isLost ? movedIn(held.after, pane, current) : next;
}

/** The largest room beside what lies over the pane that a box of this size fits into; all of the pane where none does. */
export function roomBeside(pane: Size, cover: Rect | null, box: Size): Rect {
  const whole = { x: 0, y: 0, ...pane };
  if (cover === null) return whole;
  const [right, bottom] = [cover.x + cover.width, cover.y + cover.height];
  const strips: readonly Rect[] = [
    { ...whole, width: cover.x },
    { ...whole, x: right, width: pane.width - right },
    { ...whole, height: cover.y },
    { ...whole, y: bottom, height: pane.height - bottom },
  ];
  const area = ({ width, height }: Size) => width * height;
  return strips
    .filter(({ width, height }) => width >= box.width + 2 * EDGE && height >= box.height + 2 * EDGE)
    .reduce((best, strip) => (best === whole || area(strip) > area(best) ? strip : best), whole);
}

/**
 * Brings a place to the middle of the pane, or of the room beside what lies over it, at a size at which it can be read.
 * Sideways the graph stays where it is while the place is in sight: what stands beside the flow would be pushed out.
 */
export function centredAt(box: Rect, pane: Size, current: Viewport, cover: Rect | null = null): Viewport {
  const zoom = Math.max(READABLE, current.zoom);
  const room = roomBeside(pane, cover, { width: box.width * zoom, height: box.height * zoom });
  const stays = zoom === current.zoom && !isCut(box, room, current);
  return {
    x: stays ? current.x : room.x + room.width / 2 - (box.x + box.width / 2) * zoom,
    y: room.y + room.height / 2 - (box.y + box.height / 2) * zoom,
    zoom,
  };
}

/** The same for a node; null for one that is not drawn. */
export function centredOn(
  node: LayoutNode,
  positions: Positions,
  pane: Size,
  current: Viewport,
): Viewport | null {
  const box = boxOf(node.name, node.role, positions);
  return box === null ? null : centredAt(box, pane, current);
}

/** Moves the graph just enough to bring a place into sight. */
function movedIn(box: Rect, pane: Size, { x, y, zoom }: Viewport): Viewport {
  const shift = (start: number, length: number, room: number, margin: number) =>
    Math.max(0, margin - start) + Math.min(0, room - margin - start - length);
  return {
    x: x + shift(box.x * zoom + x, box.width * zoom, pane.width, 4 * EDGE),
    y: y + shift(box.y * zoom + y, box.height * zoom, pane.height, 2 * MARGIN.top),
    zoom,
  };
}

/** The same, at a size at which it can be read. */
export const broughtIn = (box: Rect, pane: Size, current: Viewport): Viewport =>
  current.zoom < READABLE / 2 ? centredAt(box, pane, current) : movedIn(box, pane, current);

/** What of the graph is in sight, with a share of the pane's size around it. */
export const sightOf = ({ x, y, zoom }: Viewport, { width, height }: Size, margin = 0): Rect => ({
  x: (-x - margin * width) / zoom,
  y: (-y - margin * height) / zoom,
  width: (width * (1 + 2 * margin)) / zoom,
  height: (height * (1 + 2 * margin)) / zoom,
});

export const touches = (a: Rect, b: Rect): boolean =>
  a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;

export const covers = (outer: Rect, inner: Rect): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

/** Zooms about the middle of the pane. */
export function zoomed(current: Viewport, factor: number, pane: Size): Viewport {
  const zoom = Math.min(ZOOM.max, Math.max(ZOOM.min, current.zoom * factor));
  const ratio = zoom / current.zoom;
  const about = (middle: number, offset: number) => middle - (middle - offset) * ratio;
  return { x: about(pane.width / 2, current.x), y: about(pane.height / 2, current.y), zoom };
}

/** Whether a node with constants on both sides can be read in a pane that wide. */
export const hasRoomBeside = (pane: Size): boolean =>
  widthWithConstants('op', 'beside') * READABLE <= pane.width - 2 * EDGE;

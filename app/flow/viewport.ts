import type { Viewport } from 'reactflow';
import type { Positions } from './layout';
import { type LayoutNode, NODE_HEIGHT, NODE_WIDTH } from './nodeSize';

export interface Size {
  readonly width: number;
  readonly height: number;
}
interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

export const ZOOM = { min: 0.05, max: 2 };
/** Below this the names cannot be read: a large graph starts at its top instead of whole. */
const READABLE = 0.8;
const EDGE = 8;
const MARGIN = { side: 14, top: 44, bottom: 58 };

/** The box around the nodes, in the graph's pixels. */
export function boundsOf(nodes: readonly LayoutNode[], positions: Positions): Box {
  const boxes = nodes.flatMap(({ name, role }) => {
    const place = positions.get(name);
    return place === undefined ? [] : [{ ...place, right: place.x + NODE_WIDTH[role] }];
  });
  if (boxes.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const x = boxes.reduce((least, box) => Math.min(least, box.x), Number.POSITIVE_INFINITY);
  const y = boxes.reduce((least, box) => Math.min(least, box.y), Number.POSITIVE_INFINITY);
  const right = boxes.reduce((most, box) => Math.max(most, box.right), Number.NEGATIVE_INFINITY);
  const bottom = boxes.reduce((most, box) => Math.max(most, box.y + NODE_HEIGHT), Number.NEGATIVE_INFINITY);
  return { x, y, width: right - x, height: bottom - y };
}

/** Shows the whole graph if it stays readable, else its top at a readable size. Never enlarges. */
export function fitted(bounds: Box, pane: Size): Viewport {
  const room = { width: pane.width - 2 * MARGIN.side, height: pane.height - MARGIN.top - MARGIN.bottom };
  const whole = Math.min(1, room.width / Math.max(1, bounds.width), room.height / Math.max(1, bounds.height));
  const zoom = Math.max(READABLE, whole);
  const middle = bounds.width * zoom > room.width ? 0 : bounds.x + bounds.width / 2;
  return { x: pane.width / 2 - middle * zoom, y: MARGIN.top - bounds.y * zoom, zoom };
}

/** The whole graph, however small it becomes. */
export function overview(bounds: Box, pane: Size): Viewport {
  const room = { width: pane.width - 2 * MARGIN.side, height: pane.height - MARGIN.top - MARGIN.bottom };
  const whole = Math.min(1, room.width / Math.max(1, bounds.width), room.height / Math.max(1, bounds.height));
  const zoom = Math.max(ZOOM.min, whole);
  return {
    x: pane.width / 2 - (bounds.x + bounds.width / 2) * zoom,
    y: MARGIN.top - bounds.y * zoom,
    zoom,
  };
}

/**
 * Brings a node to the middle of the pane, at a size at which it can be read. Sideways the graph stays where it is
 * while the node is in sight: what stands beside the flow would be pushed out.
 */
export function centredOn(
  node: LayoutNode,
  positions: Positions,
  pane: Size,
  current: Viewport,
): Viewport | null {
  const place = positions.get(node.name);
  if (place === undefined) return null;
  const zoom = Math.max(READABLE, current.zoom);
  const width = NODE_WIDTH[node.role];
  const left = place.x * zoom + current.x;
  const inSight = zoom === current.zoom && left >= 0 && left + width * zoom <= pane.width;
  return {
    x: inSight ? current.x : pane.width / 2 - (place.x + width / 2) * zoom,
    y: pane.height / 2 - (place.y + NODE_HEIGHT / 2) * zoom,
    zoom,
  };
}

/** Moves the graph sideways, just enough to bring it all into sight, when it is narrow enough for that. */
export function sidewaysInSight(bounds: Box, pane: Size, current: Viewport): Viewport {
  const left = bounds.x * current.zoom + current.x;
  const right = left + bounds.width * current.zoom;
  if (right - left > pane.width - 2 * EDGE) return current;
  const shift = Math.max(0, EDGE - left) + Math.min(0, pane.width - EDGE - right);
  return shift === 0 ? current : { ...current, x: current.x + shift };
}

/** Zooms about the middle of the pane. */
export function zoomed(current: Viewport, factor: number, pane: Size): Viewport {
  const zoom = Math.min(ZOOM.max, Math.max(ZOOM.min, current.zoom * factor));
  const ratio = zoom / current.zoom;
  const about = (middle: number, offset: number) => middle - (middle - offset) * ratio;
  return { x: about(pane.width / 2, current.x), y: about(pane.height / 2, current.y), zoom };
}

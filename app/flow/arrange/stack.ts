import { type Point, RANK_GAP, type Route, shiftRoute } from './box';
import type { Arranged } from './branches';
import type { Segment } from './segments';

/** One box over another. */
export function stacked({ top }: Segment): Arranged {
  const width = top?.width ?? 0;
  const axis = top?.axis ?? width / 2;
  return {
    places: new Map(top === null ? [] : [[top.id, { x: width / 2 - axis, y: 0 }]]),
    routes: new Map(),
    rows: [0],
    height: top === null ? 0 : top.height + RANK_GAP,
    left: -axis,
    right: width - axis,
  };
}

/** Parts of a graph, each under the one before, their axes in line. */
export function stackedUp(parts: readonly Arranged[]): Arranged {
  const places = new Map<string, Point>();
  const routes = new Map<string, Route>();
  const rows: number[] = [];
  let [height, left, right] = [0, 0, 0];
  for (const part of parts) {
    for (const [id, { x, y }] of part.places) places.set(id, { x, y: y + height });
    for (const [key, route] of part.routes) routes.set(key, shiftRoute(route, 0, height));
    for (const y of part.rows) rows.push(y + height);
    height += part.height;
    left = Math.min(left, part.left);
    right = Math.max(right, part.right);
  }
  return { places, routes, rows, height, left, right };
}

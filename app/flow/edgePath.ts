import type { EdgeView, NodeChange } from '../../src/index';
import { linkKey, type Point, type Route } from './arrange/box';
import type { Drawing, Spot } from './elements';
import type { Rect } from './viewport';

/** One edge as it is drawn. */
export interface DrawnEdge {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly change: NodeChange;
  /** From the border of one node to that of the other, by way of what it leads around. */
  readonly points: readonly Point[];
  readonly style: Route['style'] | 'level';
  readonly bounds: Rect;
}

/** An edge is new or gone with the node at either end of it. */
function edgeChange(ends: readonly (NodeChange | undefined)[]): NodeChange {
  if (ends.includes('added')) return 'added';
  return ends.includes('removed') ? 'removed' : 'same';
}

const middle = ({ x, y, width, height }: Rect) => ({
  top: { x: x + width / 2, y },
  bottom: { x: x + width / 2, y: y + height },
  left: { x, y: y + height / 2 },
  right: { x: x + width, y: y + height / 2 },
});

/** Where an edge leaves and enters: from above to below, or level from a constant beside its reader. */
function endsOf(from: Spot, to: Spot, { layout }: Drawing): readonly [Point, Point] {
  const constant = layout.positions.get(from.id)?.constant ?? null;
  const [source, target] = [middle(from.rect), middle(to.rect)];
  if (constant === 'left') return [source.right, target.left];
  if (constant === 'right') return [source.left, target.right];
  return [source.bottom, target.top];
}

function boundsOf(points: readonly Point[]): Rect {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

const changeOf = ({ content }: Spot): NodeChange | undefined =>
  content.kind === 'node' ? content.view.change : undefined;

function drawnEdge(edge: EdgeView, from: Spot, to: Spot, drawing: Drawing): DrawnEdge {
  const key = linkKey(edge);
  const route = drawing.layout.routes.get(key);
  const [start, end] = endsOf(from, to, drawing);
  const constant = drawing.layout.positions.get(from.id)?.constant ?? null;
  const isLevel = constant === 'left' || constant === 'right';
  const points = [start, ...(route?.points ?? []), end];
  return {
    key,
    from: edge.from,
    to: edge.to,
    change: edgeChange([changeOf(from), changeOf(to)]),
    points,
    style: isLevel ? 'level' : (route?.style ?? 'curve'),
    bounds: boundsOf(points),
  };
}

export function edgesOf(drawing: Drawing, spots: ReadonlyMap<string, Spot>): readonly DrawnEdge[] {
  return drawing.side.edges.flatMap((edge) => {
    const [from, to] = [spots.get(edge.from), spots.get(edge.to)];
    return from === undefined || to === undefined ? [] : [drawnEdge(edge, from, to, drawing)];
  });
}

/** A radius for corners that fits both lines. */
const rounding = (a: Point, b: Point, c: Point): number =>
  Math.min(10, Math.hypot(b.x - a.x, b.y - a.y) / 2, Math.hypot(c.x - b.x, c.y - b.y) / 2);

const towards = (from: Point, to: Point, length: number): Point => {
  const whole = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: from.x + ((to.x - from.x) * length) / whole, y: from.y + ((to.y - from.y) * length) / whole };
};

function corners(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]];
      if (before === undefined) return `M${point.x},${point.y}`;
      if (after === undefined) return `L${point.x},${point.y}`;
      const radius = rounding(before, point, after);
      const [enter, leave] = [towards(point, before, radius), towards(point, after, radius)];
      return `L${enter.x},${enter.y}Q${point.x},${point.y} ${leave.x},${leave.y}`;
    })
    .join('');
}

/** Smooth, and upright at every point. */
function curve(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      if (before === undefined) return `M${point.x},${point.y}`;
      const half = (before.y + point.y) / 2;
      return `C${before.x},${half} ${point.x},${half} ${point.x},${point.y}`;
    })
    .join('');
}

/** The edge as an SVG path. */
export function pathOf({ points, style }: DrawnEdge): string {
  switch (style) {
    case 'curve':
      return curve(points);
    case 'corners':
    case 'level':
      return corners(points);
    default:
      return style satisfies never;
  }
}

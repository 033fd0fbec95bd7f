import { graphlib, layout } from '@dagrejs/dagre';
import { chains, neighbours } from '../chains';
import { GAP } from '../nodeSize';
import { type Box, type Link, linkKey, type Point, RANK_GAP, type Route } from './box';
import type { Segment } from './segments';

/** A segment laid out: centre and top of each box, `top`'s at the origin, and points of links that lead around others. */
export interface Arranged {
  readonly places: ReadonlyMap<string, Point>;
  readonly routes: ReadonlyMap<string, Route>;
  /** Where rows of boxes begin, from above to below: the gap over each is free of boxes. */
  readonly rows: readonly number[];
  /** Where the box at its foot begins. */
  readonly height: number;
  readonly left: number;
  readonly right: number;
}

/** Above this many runs dagre's network simplex takes seconds; longest paths rank as well. */
const SIMPLEX_LIMIT = 600;

/** An unbranched run of boxes, which dagre sees as one tall box: it recurses along paths and would overflow. */
interface Run {
  readonly rows: readonly { readonly box: Box; readonly top: number }[];
  readonly height: number;
  readonly width: number;
}

function runOf(boxes: readonly Box[]): Run {
  let height = 0;
  const rows = boxes.map((box) => {
    const top = height;
    height += box.height + RANK_GAP;
    return { box, top };
  });
  const width = boxes.reduce((most, box) => Math.max(most, box.width), 0);
  return { rows, width, height: height - RANK_GAP };
}

/** The ends of the segment are runs of their own: they have their places. */
function runsOf({ top, inner, bottom, links, stops }: Segment): readonly Run[] {
  const known = new Map(inner.map((box) => [box.id, box]));
  const between = chains(new Set(known.keys()), neighbours(links, new Set()), stops).map((chain) =>
    runOf(chain.flatMap((id) => known.get(id) ?? [])),
  );
  return [...(top === null ? [] : [runOf([top])]), ...between, ...(bottom === null ? [] : [runOf([bottom])])];
}

/** dagre's graph of runs, with numbers as keys: a node may be called `constructor`, which its plain objects would trip over. */
function dagreGraph(runs: readonly Run[], links: readonly Link[], runAt: ReadonlyMap<string, number>) {
  const graph = new graphlib.Graph();
  const ranker = runs.length > SIMPLEX_LIMIT ? 'longest-path' : 'network-simplex';
  graph.setGraph({ rankdir: 'TB', nodesep: GAP, edgesep: GAP, ranksep: RANK_GAP, rankalign: 'top', ranker });
  runs.forEach(({ width, height }, index) => {
    graph.setNode(`r${index}`, { width, height });
  });
  for (const { from, to } of links) {
    const [above, below] = [runAt.get(from), runAt.get(to)];
    if (above !== undefined && below !== undefined && above !== below)
      graph.setEdge(`r${above}`, `r${below}`, {});
  }
  return graph;
}

/** The points between the ends of a link: dagre's first and last are on the borders of the boxes. */
function routesOf(
  graph: InstanceType<typeof graphlib.Graph>,
  links: readonly Link[],
  runAt: ReadonlyMap<string, number>,
  shift: (point: Point) => Point,
) {
  const routes = new Map<string, Route>();
  for (const link of links) {
    const edge: unknown = graph.edge(`r${runAt.get(link.from)}`, `r${runAt.get(link.to)}`);
    const points = pointsOf(edge).slice(1, -1).map(shift);
    if (points.length > 1) routes.set(linkKey(link), { style: 'curve', points });
  }
  return routes;
}

const isPoint = (value: unknown): value is Point =>
  typeof value === 'object' && value !== null && 'x' in value && 'y' in value;
const pointsOf = (edge: unknown): readonly Point[] =>
  typeof edge === 'object' && edge !== null && 'points' in edge && Array.isArray(edge.points)
    ? edge.points.filter(isPoint)
    : [];

type Raw = ReadonlyMap<string, Point & Pick<Box, 'width' | 'height'>>;

/**
 * Where the segment's first box stands straight above the one box that follows it, when its other links only lead around
 * that: a residual then runs beside a straight flow. Null where several boxes follow, or something is in the way.
 */
function straightAxis({ top, inner, links }: Segment, raw: Raw): number | null {
  const own = raw.get(top?.id ?? '');
  if (top === null || own === undefined) return null;
  const followers = links.flatMap(({ from, to }) => (from === top.id ? (raw.get(to) ?? []) : []));
  const nearest = Math.min(...followers.map(({ y }) => y));
  const [next, ...others] = followers.filter(({ y }) => y === nearest);
  const beside = inner.some(({ id }) => (raw.get(id)?.y ?? 0) < own.y + own.height);
  return next === undefined || others.length > 0 || beside ? null : next.x;
}

/** The tops of all runs: dagre aligns those of a rank. The box at the segment's foot has one too, where the next part begins. */
const rowsOf = (runs: readonly Run[], raw: Raw): readonly number[] =>
  [...new Set(runs.map(({ rows }) => raw.get(rows[0]?.box.id ?? '')?.y ?? 0))].sort((a, b) => a - b);

/** Lays out a segment with branches (dagre, layer by layer from top to bottom). */
export function arrangeBranches(segment: Segment): Arranged {
  const { top, inner, bottom, links } = segment;
  const runs = runsOf(segment);
  const runAt = new Map(runs.flatMap(({ rows }, index) => rows.map(({ box }) => [box.id, index] as const)));
  const graph = dagreGraph(runs, links, runAt);
  layout(graph);
  const raw = new Map<string, Point & Pick<Box, 'width' | 'height'>>();
  runs.forEach(({ rows }, index) => {
    const { x, y, height } = graph.node(`r${index}`);
    for (const row of rows)
      raw.set(row.box.id, { ...row.box, x: Number(x), y: Number(y) - Number(height) / 2 + row.top });
  });
  const axis = straightAxis(segment, raw) ?? raw.get((top ?? bottom ?? inner[0])?.id ?? '')?.x ?? 0;
  if (top !== null) raw.set(top.id, { ...top, x: axis, y: raw.get(top.id)?.y ?? 0 });
  const first = top ?? inner[0];
  const firstTop =
    top === null ? Math.min(...[...raw.values()].map(({ y }) => y)) : (raw.get(first?.id ?? '')?.y ?? 0);
  const shift = ({ x, y }: Point): Point => ({ x: x - axis, y: y - firstTop });
  const placed = [...inner, ...(top === null ? [] : [top])].flatMap((box) => {
    const place = raw.get(box.id);
    return place === undefined ? [] : [{ box, ...shift(place) }];
  });
  const foot = placed.reduce((most, { y, box }) => Math.max(most, y + box.height), 0);
  const routes = routesOf(graph, links, runAt, shift);
  const lanes = [...routes.values()].flatMap(({ points }) => points.map(({ x }) => x));
  return {
    places: new Map(placed.map(({ box, x, y }) => [box.id, { x, y }])),
    routes,
    rows: rowsOf(runs, raw).map((y) => y - firstTop),
    height: foot + RANK_GAP,
    left: Math.min(0, ...lanes, ...placed.map(({ x, box }) => x - box.width / 2)),
    right: Math.max(0, ...lanes, ...placed.map(({ x, box }) => x + box.width / 2)),
  };
}

/** Repeated blocks have the same boxes wired in the same way: one layout serves all of them. */
export class BranchCache {
  private readonly known = new Map<
    string,
    { readonly ids: readonly string[]; readonly arranged: Arranged }
  >();

  arrange(segment: Segment): Arranged {
    const { top, inner, bottom, links, stops } = segment;
    const boxes = [...(top === null ? [] : [top]), ...inner, ...(bottom === null ? [] : [bottom])];
    const number = new Map(boxes.map(({ id }, index) => [id, index]));
    const key = [
      `${top !== null} ${bottom !== null}`,
      ...boxes.map(({ width, height }) => `${width}x${height}`),
      ...links.map(({ from, to }) => `${number.get(from)}>${number.get(to)}`),
      ...boxes.flatMap(({ id }, index) => (stops?.has(id) ? [`${index}|`] : [])),
    ].join(' ');
    const known = this.known.get(key);
    if (known !== undefined)
      return renamed(
        known,
        boxes.map(({ id }) => id),
        links,
        number,
      );
    const arranged = arrangeBranches(segment);
    this.known.set(key, { ids: boxes.map(({ id }) => id), arranged });
    return arranged;
  }
}

function renamed(
  { ids, arranged }: { readonly ids: readonly string[]; readonly arranged: Arranged },
  names: readonly string[],
  links: readonly Link[],
  number: ReadonlyMap<string, number>,
): Arranged {
  const places = new Map(
    names.flatMap((name, index) => {
      const place = arranged.places.get(ids[index] ?? '');
      return place === undefined ? [] : [[name, place] as const];
    }),
  );
  const own = (name: string) => ids[number.get(name) ?? -1] ?? '';
  const routes = new Map(
    links.flatMap((link) => {
      const route = arranged.routes.get(linkKey({ from: own(link.from), to: own(link.to) }));
      return route === undefined ? [] : [[linkKey(link), route] as const];
    }),
  );
  return { ...arranged, places, routes };
}

import { GAP } from '../nodeSize';
import { type Box, type Link, linkKey, type Point, RANK_GAP, type Route } from './box';
import type { Arranged, BranchCache } from './branches';
import { type Segment, segmentsOf } from './segments';
import { stacked, stackedUp } from './stack';

/** A link that passes over more boxes than this goes in a lane beside them all. */
const LONG_WAY = 40;

const boxesOf = ({ top, inner, bottom }: Segment): readonly Box[] => [
  ...(top === null ? [] : [top]),
  ...inner,
  ...(bottom === null ? [] : [bottom]),
];

/** Shorter ones first. */
function longLinks(segment: Segment): readonly Link[] {
  const boxes = boxesOf(segment);
  if (boxes.length <= LONG_WAY) return [];
  const place = new Map(boxes.map(({ id }, index) => [id, index]));
  const span = ({ from, to }: Link) => (place.get(to) ?? 0) - (place.get(from) ?? 0);
  return segment.links.filter((link) => span(link) > LONG_WAY).sort((a, b) => span(a) - span(b));
}

/** Heights in the gaps between rows at which a link turns. */
interface Turns {
  readonly from: number;
  readonly to: number;
}

/** For each link the innermost lane that no link before it takes on its way. */
function lanesOf(turns: readonly Turns[]): readonly number[] {
  const taken: number[] = [];
  turns.forEach(({ from, to }, index) => {
    const met = new Set(
      taken.filter((_, other) => {
        const way = turns[other];
        return way !== undefined && way.from <= to && from <= way.to;
      }),
    );
    let lane = 0;
    while (met.has(lane)) lane++;
    taken[index] = lane;
  });
  return taken;
}

/** The links' ways by lanes to the right of all. */
function withLanes(stack: Arranged, links: readonly Link[]): Arranged {
  const foot: Point = { x: 0, y: stack.height };
  const placeOf = (id: string): Point => stack.places.get(id) ?? foot;
  const turns = links.map(({ from, to }) => ({
    from: (stack.rows.find((y) => y > placeOf(from).y) ?? foot.y) - RANK_GAP / 2,
    to: placeOf(to).y - RANK_GAP / 2,
  }));
  const xs = lanesOf(turns).map((lane) => stack.right + GAP * (lane + 1));
  const routes = new Map<string, Route>(stack.routes);
  links.forEach((link, index) => {
    const [{ from, to } = { from: 0, to: 0 }, x = 0] = [turns[index], xs[index]];
    const points = [
      { x: placeOf(link.from).x, y: from },
      { x, y: from },
      { x, y: to },
      { x: placeOf(link.to).x, y: to },
    ];
    routes.set(linkKey(link), { style: 'corners', points });
  });
  return { ...stack, routes, right: Math.max(...xs) };
}

/**
 * Lays out a segment. Links that lead far around (the skip connection of an encoder, a size that is read at the end) go in
 * lanes beside all the rest, so that what is between falls into segments of its own:
 *
 * ```
 *   a
 *   ├───────╮     out in the gap below a's row,
 *   (parts) │
 *   ╭───────╯     in through the gap above b's.
 *   b
 * ```
 *
 * No box is in these gaps, since the boxes of a row begin side by side, and those where such a link begins or ends stand at
 * the end or the head of their runs. dagre, which lays out the parts, would make a node of every row that the link passes.
 */
export function arrangeSegment(segment: Segment, cache: BranchCache): Arranged {
  if (segment.inner.length === 0) return stacked(segment);
  const long = longLinks(segment);
  if (long.length === 0) return cache.arrange(segment);
  const short = segment.links.filter((link) => !long.includes(link));
  const stops = new Set(long.flatMap(({ from, to }) => [from, to]));
  const parts = segmentsOf({ boxes: boxesOf(segment), links: short })
    // The box at the foot begins what comes below.
    .filter(({ top }) => top === null || top.id !== segment.bottom?.id)
    .map((part) => (part.inner.length === 0 ? stacked(part) : cache.arrange({ ...part, stops })));
  return withLanes(stackedUp(parts), long);
}

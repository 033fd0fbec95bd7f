import { GAP } from '../nodeSize';
import { type Box, type Link, linkKey, type Point, RANK_GAP, type Route } from './box';
import type { Arranged, BranchCache } from './branches';
import { longLinks } from './longLinks';
import { type Segment, segmentsOf } from './segments';
import { stacked, stackedUp } from './stack';

const boxesOf = ({ top, inner, bottom }: Segment): readonly Box[] => [
  ...(top === null ? [] : [top]),
  ...inner,
  ...(bottom === null ? [] : [bottom]),
];

/** Heights in the gaps between rows at which a link turns. */
interface Turns {
  readonly from: number;
  readonly to: number;
}

/** What one lane leads: the links of one source, which share it. */
interface Lane extends Turns {
  readonly source: string;
}

function lanesFor(links: readonly Link[], turnsOf: (link: Link) => Turns): readonly Lane[] {
  const bySource = new Map<string, Lane>();
  for (const link of links) {
    const { from, to } = turnsOf(link);
    const known = bySource.get(link.from);
    bySource.set(link.from, {
      source: link.from,
      from: Math.min(from, to, known?.from ?? from),
      to: Math.max(from, to, known?.to ?? to),
    });
  }
  return [...bySource.values()].sort((one, other) => one.to - one.from - (other.to - other.from));
}

/** Which lane from the inside each source has: shorter ones first, each the innermost that is free all its way. */
function placesOf(lanes: readonly Lane[]): ReadonlyMap<string, number> {
  const taken: Lane[][] = [];
  const places = new Map<string, number>();
  for (const lane of lanes) {
    const isFree = (others: readonly Lane[]) =>
      others.every((other) => other.to < lane.from || lane.to < other.from);
    const free = taken.findIndex(isFree);
    const place = free < 0 ? taken.length : free;
    const others = taken[place] ?? [];
    taken[place] = others;
    others.push(lane);
    places.set(lane.source, place);
  }
  return places;
}

/** The links' ways by lanes to the right of all. */
function withLanes(stack: Arranged, links: readonly Link[]): Arranged {
  const foot: Point = { x: 0, y: stack.height };
  const placeOf = (id: string): Point => stack.places.get(id) ?? foot;
  const turnsOf = ({ from, to }: Link): Turns => ({
    from: (stack.rows.find((y) => y > placeOf(from).y) ?? foot.y) - RANK_GAP / 2,
    to: placeOf(to).y - RANK_GAP / 2,
  });
  const places = placesOf(lanesFor(links, turnsOf));
  const routes = new Map<string, Route>(stack.routes);
  let right = stack.right;
  for (const link of links) {
    const { from, to } = turnsOf(link);
    const x = stack.right + GAP * ((places.get(link.from) ?? 0) + 1);
    const points = [
      { x: placeOf(link.from).x, y: from },
      { x, y: from },
      { x, y: to },
      { x: placeOf(link.to).x, y: to },
    ];
    routes.set(linkKey(link), { style: 'corners', points });
    right = Math.max(right, x);
  }
  return { ...stack, routes, right };
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
  const long = longLinks(boxesOf(segment), segment.links);
  if (long.length === 0) return cache.arrange(segment);
  const inLanes = new Set(long);
  const short = segment.links.filter((link) => !inLanes.has(link));
  const stops = new Set(long.flatMap(({ from, to }) => [from, to]));
  const parts = segmentsOf({ boxes: boxesOf(segment), links: short })
    // The box at the foot begins what comes below.
    .filter(({ top }) => top === null || top.id !== segment.bottom?.id)
    .map((part) => (part.inner.length === 0 ? stacked(part) : cache.arrange({ ...part, stops })));
  return withLanes(stackedUp(parts), long);
}

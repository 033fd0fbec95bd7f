import type { Box, Link } from './box';
import type { Ordered } from './order';

/** A part of a graph between two boxes through which all of it flows; `top` or `bottom` is null at the graph's ends. */
export interface Segment {
  readonly top: Box | null;
  readonly inner: readonly Box[];
  readonly bottom: Box | null;
  readonly links: readonly Link[];
  /** Boxes where links that are not among these begin or end: no run of boxes goes on across one. */
  readonly stops?: ReadonlySet<string>;
}

/** Whether a box is passed by no link: then all that flows flows through it. */
function bottlenecks({ boxes, links }: Ordered, place: ReadonlyMap<string, number>): readonly boolean[] {
  const opened = new Array<number>(boxes.length + 1).fill(0);
  for (const { from, to } of links) {
    const [start, end] = [place.get(from) ?? 0, place.get(to) ?? 0];
    opened[start + 1] = (opened[start + 1] ?? 0) + 1;
    opened[end] = (opened[end] ?? 0) - 1;
  }
  let passing = 0;
  return boxes.map((_, index) => {
    passing += opened[index] ?? 0;
    return passing === 0;
  });
}

/** Cuts a graph where it is one box wide, so that each part is laid out by itself: the time grows with the graph's size only. */
export function segmentsOf(ordered: Ordered): readonly Segment[] {
  const { boxes, links } = ordered;
  const place = new Map(boxes.map(({ id }, index) => [id, index]));
  const narrow = bottlenecks(ordered, place);
  const cuts = boxes.flatMap((_, index) => (narrow[index] ? [index] : []));
  const starts = cuts[0] === 0 ? cuts : [-1, ...cuts];
  const segmentAt = new Array<number>(boxes.length).fill(0);
  starts.forEach((start, segment) => {
    for (let at = Math.max(0, start); at < (starts[segment + 1] ?? boxes.length); at++)
      segmentAt[at] = segment;
  });
  const inside: Link[][] = starts.map(() => []);
  // A link into the box at the foot of a segment starts in that segment.
  for (const link of links) inside[segmentAt[place.get(link.from) ?? 0] ?? 0]?.push(link);
  return starts.map((start, segment) => {
    const end = starts[segment + 1];
    return {
      top: boxes[start] ?? null,
      inner: boxes.slice(start + 1, end ?? boxes.length),
      bottom: end === undefined ? null : (boxes[end] ?? null),
      links: inside[segment] ?? [],
    };
  });
}

import type { Box, Link } from './box';
import { linkKey } from './box';
import { BranchCache } from './branches';
import { type Around, entryOf, exitOf, type Leg, legsOf, ROOT } from './legs';
import { arrangeLevel, type Level } from './level';

/** What is laid out: boxes of nodes, open groups with the outer ones first, and the edges between nodes. */
export interface Nested {
  readonly boxes: readonly Box[];
  readonly frames: readonly string[];
  readonly links: readonly Link[];
  readonly around: Around;
  readonly isWrapped: boolean;
}

/** A frame with its inside laid out. */
export interface Interior extends Box {
  readonly level: Level;
  /** Where the origin of the inside is, from the frame's top left corner. */
  readonly origin: { readonly x: number; readonly y: number };
}

/** Room in a frame: its title stands at the top. */
const ROOM = { top: 38, entry: 12, side: 14, bottom: 14 };
/** How much wider a frame may become to have its flow in its middle. */
const CENTRED = 1.3;

/** What stands in each frame, in the order of the graph: an open group where its first node stands. */
function contentsOf({ boxes, around }: Nested): ReadonlyMap<string, ReadonlySet<string>> {
  const contents = new Map<string, Set<string>>();
  for (const { id } of boxes) {
    let inside = id;
    for (const frame of around(id)) {
      const list = contents.get(frame) ?? new Set<string>();
      contents.set(frame, list);
      list.add(inside);
      inside = frame;
    }
  }
  return contents;
}

function legsByFrame({ links, around }: Nested): ReadonlyMap<string, readonly Leg[]> {
  const byFrame = new Map<string, Map<string, Leg>>();
  for (const link of links)
    for (const leg of legsOf(link, around)) {
      const known = byFrame.get(leg.frame) ?? new Map<string, Leg>();
      byFrame.set(leg.frame, known);
      known.set(linkKey(leg), leg);
    }
  return new Map([...byFrame].map(([frame, legs]) => [frame, [...legs.values()]]));
}

/** A frame around its inside, with the flow in its middle where that costs little. */
function framed(id: string, level: Level, hasEntry: boolean, hasExit: boolean): Interior {
  const { left, right, height } = level;
  const half = Math.max(-left, right);
  const isCentred = 2 * half <= CENTRED * (right - left);
  const top = hasEntry ? ROOM.entry : ROOM.top;
  const origin = { x: ROOM.side + (isCentred ? half : -left), y: top };
  return {
    id,
    level,
    axis: origin.x,
    width: (isCentred ? 2 * half : right - left) + 2 * ROOM.side,
    height: top + height + (hasExit ? 0 : ROOM.bottom),
    origin,
  };
}

/** Lays out the inside of every frame, inner ones first, and the whole graph, whose frame is `ROOT`. */
export function interiorsOf(nested: Nested): ReadonlyMap<string, Interior> {
  const contents = contentsOf(nested);
  const legs = legsByFrame(nested);
  const boxes = new Map<string, Box>(nested.boxes.map((box) => [box.id, box]));
  const cache = new BranchCache();
  const interiors = new Map<string, Interior>();
  for (const frame of [...nested.frames.toReversed(), ROOT]) {
    const own = legs.get(frame) ?? [];
    const [entry, exit] = [entryOf(frame), exitOf(frame)];
    const hasEntry = own.some(({ from }) => from === entry);
    const hasExit = own.some(({ to }) => to === exit);
    const inside = [
      ...(hasEntry ? [{ id: entry, width: 0, height: 0 }] : []),
      ...[...(contents.get(frame) ?? [])].flatMap((id) => boxes.get(id) ?? []),
      ...(hasExit ? [{ id: exit, width: 0, height: 0 }] : []),
    ];
    const interior = framed(frame, arrangeLevel(inside, own, nested.isWrapped, cache), hasEntry, hasExit);
    boxes.set(frame, interior);
    interiors.set(frame, interior);
  }
  return interiors;
}

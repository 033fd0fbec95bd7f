import { type Box, type Link, linkKey, type Point, RANK_GAP, type Route, shiftRoute } from './box';
import { type Arranged, BranchCache } from './branches';
import { arrangeSegment } from './lanes';
import { inOrder } from './order';
import { type Segment, segmentsOf } from './segments';

/** The boxes of one group (or of the whole graph) in their places: centre and top, the first one's at the origin. */
export interface Level {
  readonly places: ReadonlyMap<string, Point>;
  readonly routes: ReadonlyMap<string, Route>;
  readonly left: number;
  readonly right: number;
  readonly height: number;
}

interface Piece {
  readonly segment: Segment;
  readonly arranged: Arranged;
}

function piecesOf(boxes: readonly Box[], links: readonly Link[], cache: BranchCache): readonly Piece[] {
  return segmentsOf(inOrder(boxes, links)).map((segment) => ({
    segment,
    arranged: arrangeSegment(segment, cache),
  }));
}

/** Columns go side by side from this height on: about forty rows. */
const LONG = 3000;
/** Width over height that columns are made for. */
const SHAPE = 1.4;
/** Between columns, with room for the edge to the next one. */
const COLUMN_GAP = 64;

/** The pieces of each column: one column, unless they are long and columns are wanted. */
function columnsOf(pieces: readonly Piece[], isWrapped: boolean): readonly (readonly Piece[])[] {
  const height = pieces.reduce((sum, { arranged }) => sum + arranged.height, 0);
  const width = Math.max(...pieces.map(({ arranged }) => arranged.right - arranged.left), 1) + COLUMN_GAP;
  const count = Math.round(Math.sqrt((SHAPE * height) / width));
  if (!isWrapped || height < LONG || count < 2) return [pieces];
  const columns: Piece[][] = [[]];
  let filled = 0;
  for (const piece of pieces) {
    if (filled > 0 && filled + piece.arranged.height > height / count + RANK_GAP) {
      columns.push([]);
      filled = 0;
    }
    columns.at(-1)?.push(piece);
    filled += piece.arranged.height;
  }
  return columns;
}

/** Lays boxes out from top to bottom; a long graph goes on in a further column where `isWrapped` says so. */
export function arrangeLevel(
  boxes: readonly Box[],
  links: readonly Link[],
  isWrapped: boolean,
  cache = new BranchCache(),
): Level {
  const columns = columnsOf(piecesOf(boxes, links, cache), isWrapped);
  const places = new Map<string, Point>();
  const routes = new Map<string, Route>();
  let [left, right, height] = [0, 0, 0];
  columns.forEach((pieces, column) => {
    const columnLeft = Math.min(0, ...pieces.map(({ arranged }) => arranged.left));
    const columnRight = Math.max(0, ...pieces.map(({ arranged }) => arranged.right));
    const axis = column === 0 ? 0 : right + COLUMN_GAP - columnLeft;
    let y = 0;
    for (const { arranged } of pieces) {
      for (const [id, place] of arranged.places) places.set(id, { x: place.x + axis, y: place.y + y });
      for (const [key, route] of arranged.routes) routes.set(key, shiftRoute(route, axis, y));
      y += arranged.height;
    }
    const last = pieces.at(-1)?.segment;
    if (column < columns.length - 1 && last !== undefined)
      lead(
        last,
        { x: axis, y },
        { lane: axis + columnRight + COLUMN_GAP / 2, next: columns[column + 1] ?? [] },
        routes,
        axis + columnRight,
      );
    left = Math.min(left, axis + columnLeft);
    right = axis + columnRight;
    height = Math.max(height, y - RANK_GAP);
  });
  return { places, routes, left, right, height };
}

/** Edges into the box at the head of the next column go to the foot of their own, and up between the two. */
function lead(
  { bottom, links }: Segment,
  foot: Point,
  { lane, next }: { readonly lane: number; readonly next: readonly Piece[] },
  routes: Map<string, Route>,
  right: number,
): void {
  const head = right + COLUMN_GAP - Math.min(0, ...next.map(({ arranged }) => arranged.left));
  for (const link of links) {
    if (link.to !== bottom?.id) continue;
    const before = routes.get(linkKey(link))?.points ?? [];
    const bend = RANK_GAP / 2;
    routes.set(linkKey(link), {
      style: 'corners',
      points: [
        ...before,
        { x: before.at(-1)?.x ?? foot.x, y: foot.y - bend },
        { x: lane, y: foot.y - bend },
        { x: lane, y: -bend },
        { x: head, y: -bend },
      ],
    });
  }
}

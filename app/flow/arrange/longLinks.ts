import type { Box, Link } from './box';

/** A link that leads down by more rows than this goes in a lane. */
const LONG_WAY = 40;
/** So many boxes in a row may hang by such a link alone. */
const SHORT_RUN = 8;
/** More of them would be a web of lanes. */
const MOST = 1000;

interface Ends {
  readonly inputs: readonly string[];
  readonly users: readonly string[];
}

/**
 * How many rows a box may stand below the first one, at least: one for each box on the longest way to it. What the first one does
 * not lead to, such as the observer of a constant, stands right above the box that reads it, however deep that is.
 */
function depthsOf(boxes: readonly Box[], ends: ReadonlyMap<string, Ends>): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const reached = new Set<string>();
  boxes.forEach(({ id }, index) => {
    const { inputs = [] }: Partial<Ends> = ends.get(id) ?? {};
    if (index === 0 || inputs.some((input) => reached.has(input))) reached.add(id);
    const above = inputs.map((input) => depths.get(input) ?? -1);
    depths.set(id, above.reduce((deepest, depth) => Math.max(deepest, depth), -1) + 1);
  });
  for (const { id } of boxes.toReversed()) {
    const { users = [] }: Partial<Ends> = ends.get(id) ?? {};
    if (reached.has(id) || users.length === 0) continue;
    const below = users.map((user) => depths.get(user) ?? 0);
    depths.set(id, below.reduce((highest, depth) => Math.min(highest, depth), Number.POSITIVE_INFINITY) - 1);
  }
  return depths;
}

function endsOf(links: readonly Link[]): ReadonlyMap<string, Ends> {
  const ends = new Map<string, { readonly inputs: string[]; readonly users: string[] }>();
  const of = (id: string) => {
    const known = ends.get(id) ?? { inputs: [], users: [] };
    ends.set(id, known);
    return known;
  };
  for (const { from, to } of links) {
    of(from).users.push(to);
    of(to).inputs.push(from);
  }
  return ends;
}

/** The run of boxes with one input and one user each that begins at a box, and the box behind it. */
function runFrom(
  first: string,
  ends: ReadonlyMap<string, Ends>,
): { run: readonly string[]; behind?: string } {
  const run: string[] = [];
  let at: string | undefined = first;
  while (at !== undefined && isInside(at, ends)) {
    run.push(at);
    if (run.length > SHORT_RUN) return { run };
    at = ends.get(at)?.users[0];
  }
  return { run, ...(at !== undefined && { behind: at }) };
}

const isInside = (id: string, ends: ReadonlyMap<string, Ends>): boolean => {
  const { inputs = [], users = [] }: Partial<Ends> = ends.get(id) ?? {};
  return inputs.length === 1 && users.length === 1;
};

/**
 * The links that lead far down past others: to a box that reads something from far below their start as well, or to a short run of
 * boxes that leads to one. A long branch beside another one is no such thing: its ends are as near as those of the other.
 * `boxes` are in order, each behind all that it reads. None where there would be too many.
 */
export function longLinks(boxes: readonly Box[], links: readonly Link[]): readonly Link[] {
  if (boxes.length <= LONG_WAY) return [];
  const ends = endsOf(links);
  const depths = depthsOf(boxes, ends);
  const leadsFar = (from: string, to: string): boolean =>
    (depths.get(to) ?? 0) - (depths.get(from) ?? 0) > LONG_WAY;
  /** Boxes that hang by a link which was found: they go to where they are read. */
  const hanging = new Set<string>();
  const toRuns = links.filter(({ from, to }) => {
    if (isInside(from, ends) || !isInside(to, ends)) return false;
    const { run, behind } = runFrom(to, ends);
    if (behind === undefined || !leadsFar(from, behind)) return false;
    for (const box of run) hanging.add(box);
    return true;
  });
  const straight = links.filter(({ from, to }) => !hanging.has(from) && leadsFar(from, to));
  const found = [...toRuns, ...straight];
  return found.length <= MOST ? found : [];
}

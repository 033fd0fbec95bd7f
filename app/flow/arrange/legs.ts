import type { Link } from './box';

/** The whole graph, as a frame around all others. */
export const ROOT = '';
/** The two ends of a frame, where edges from and to outside pass it; names that no node has. */
export const entryOf = (frame: string): string => `in:${frame}`;
export const exitOf = (frame: string): string => `out:${frame}`;

/** The frames around something, innermost first, the whole graph last. */
export type Around = (id: string) => readonly string[];

/** `parents` of nodes and frames; those without one stand in the whole graph. */
export function aroundOf(parents: ReadonlyMap<string, string | null>): Around {
  const known = new Map<string, readonly string[]>();
  const around = (id: string): readonly string[] => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const parent = parents.get(id) ?? null;
    const list = parent === null ? [ROOT] : [parent, ...around(parent)];
    known.set(id, list);
    return list;
  };
  return around;
}

/** The part of an edge that lies in one frame. */
export interface Leg extends Link {
  readonly frame: string;
}

/** An edge as it passes frames: out of those around its source, in the frame that both ends share, into those of its target. */
export function legsOf({ from, to }: Link, around: Around): readonly Leg[] {
  const [above, below] = [around(from), around(to)];
  const shared = above.find((frame) => below.includes(frame)) ?? ROOT;
  const out = above.slice(0, above.indexOf(shared));
  const into = below.slice(0, below.indexOf(shared));
  const leaving = out.map((frame, index) => ({ frame, from: out[index - 1] ?? from, to: exitOf(frame) }));
  const entering = into.map((frame, index) => ({ frame, from: entryOf(frame), to: into[index - 1] ?? to }));
  return [
    ...leaving,
    { frame: shared, from: out.at(-1) ?? from, to: into.at(-1) ?? to },
    ...entering.toReversed(),
  ];
}

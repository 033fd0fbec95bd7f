import type { EdgeView } from '../../src/index';

export interface Neighbours {
  readonly inputs: Set<string>;
  readonly users: Set<string>;
}
/** What each node reads and what reads it; constants do not count as something read. */
export type Around = ReadonlyMap<string, Neighbours>;

/** The neighbours of every node that an edge names. */
export function neighbours(edges: readonly EdgeView[], constants: ReadonlySet<string>): Around {
  const found = new Map<string, Neighbours>();
  const of = (name: string): Neighbours => {
    const known = found.get(name) ?? { inputs: new Set(), users: new Set() };
    found.set(name, known);
    return known;
  };
  for (const { from, to } of edges) {
    of(from).users.add(to);
    if (!constants.has(from)) of(to).inputs.add(from);
  }
  return found;
}

const only = (names: ReadonlySet<string> | undefined): string | undefined =>
  names?.size === 1 ? [...names][0] : undefined;

/**
 * The nodes of `members` in unbranched runs, each from its first node on. The graph has no cycles. A run ends at a node of
 * `stops`, and another one begins there.
 */
export function chains(
  members: ReadonlySet<string>,
  around: Around,
  stops: ReadonlySet<string> = new Set(),
): readonly (readonly string[])[] {
  const following = (name: string): string | undefined => {
    const next = only(around.get(name)?.users);
    if (next === undefined || !members.has(next) || stops.has(name) || stops.has(next)) return undefined;
    return only(around.get(next)?.inputs) === name ? next : undefined;
  };
  const continued = new Set([...members].map(following));
  return [...members]
    .filter((name) => !continued.has(name))
    .map((first) => {
      const chain: string[] = [];
      for (let name: string | undefined = first; name !== undefined; name = following(name)) chain.push(name);
      return chain;
    });
}

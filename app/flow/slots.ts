import type { EdgeView } from '../../src/index';

interface Neighbours {
  readonly inputs: Set<string>;
  readonly users: Set<string>;
}
/** What each node reads and what reads it; constants do not count as something read. */
type Around = ReadonlyMap<string, Neighbours>;

function neighbours(edges: readonly EdgeView[], constants: ReadonlySet<string>): Around {
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

/** The nodes of `members` in unbranched runs, each from its first node on. */
function chains(members: ReadonlySet<string>, around: Around): readonly (readonly string[])[] {
  const following = (name: string): string | undefined => {
    const next = only(around.get(name)?.users);
    const alone = next !== undefined && members.has(next) && only(around.get(next)?.inputs) === name;
    return alone ? next : undefined;
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

/** Between which nodes a chain stands. */
function ends(chain: readonly string[], around: Around): string {
  const inputs = around.get(chain[0] ?? '')?.inputs ?? [];
  const users = around.get(chain.at(-1) ?? '')?.users ?? [];
  return JSON.stringify([[...inputs], [...users]]);
}

/**
 * Pairs removed nodes with added ones that stand between the same nodes, one after the other: an observer with
 * the quantize that replaced it. The two are never on the same side, so they share one place and the layout stays
 * straight. `constants` are nodes that the comparison leaves out: a quantize also reads its scale.
 */
export function sharedSlots(
  edges: readonly EdgeView[],
  removed: readonly string[],
  added: readonly string[],
  constants: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const around = neighbours(edges, constants);
  const flowing = (names: readonly string[]) => new Set(names.filter((name) => !constants.has(name)));
  const free = new Map<string, (readonly string[])[]>();
  for (const chain of chains(flowing(added), around)) {
    const key = ends(chain, around);
    free.set(key, [...(free.get(key) ?? []), chain]);
  }
  const slots = new Map<string, string>();
  for (const chain of chains(flowing(removed), around)) {
    const partner = free.get(ends(chain, around))?.shift() ?? [];
    for (const [index, name] of chain.entries()) {
      const host = partner[index];
      if (host !== undefined) slots.set(name, host);
    }
  }
  return slots;
}

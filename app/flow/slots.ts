import type { EdgeView } from '../../src/index';

interface Neighbours {
  readonly inputs: Set<string>;
  readonly users: Set<string>;
}

function neighbours(edges: readonly EdgeView[], ignored: ReadonlySet<string>) {
  const found = new Map<string, Neighbours>();
  const of = (name: string): Neighbours => {
    const known = found.get(name) ?? { inputs: new Set(), users: new Set() };
    found.set(name, known);
    return known;
  };
  for (const { from, to } of edges) {
    of(from).users.add(to);
    if (!ignored.has(from)) of(to).inputs.add(from);
  }
  return found;
}

const signature = ({ inputs, users }: Neighbours): string => JSON.stringify([[...inputs], [...users]]);

/**
 * Pairs each removed node with an added one that stands between the same nodes: an observer that a quantize
 * replaced. The two are never on the same side, so they share one place and the layout stays straight.
 * `constants` are nodes that the comparison of inputs leaves out: a quantize also reads its scale.
 */
export function sharedSlots(
  edges: readonly EdgeView[],
  removed: readonly string[],
  added: readonly string[],
  constants: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const around = neighbours(edges, constants);
  const free = new Map<string, string[]>();
  for (const name of added) {
    const place = around.get(name);
    if (place === undefined || constants.has(name)) continue;
    free.set(signature(place), [...(free.get(signature(place)) ?? []), name]);
  }
  const slots = new Map<string, string>();
  for (const name of removed) {
    const place = around.get(name);
    const partner = place === undefined ? undefined : free.get(signature(place))?.shift();
    if (partner !== undefined) slots.set(name, partner);
  }
  return slots;
}

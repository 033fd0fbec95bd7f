import type { EdgeView } from '../../src/index';
import type { InParts } from '../inParts';
import { type Around, chains, neighbours } from './chains';

/** Between which nodes a chain stands. */
function ends(chain: readonly string[], around: Around): string {
  const inputs = around.get(chain[0] ?? '')?.inputs ?? [];
  const users = around.get(chain.at(-1) ?? '')?.users ?? [];
  // Names have no line breaks.
  return `${[...inputs].join('\n')}\n\n${[...users].join('\n')}`;
}

/**
 * Pairs removed nodes with added ones that stand between the same nodes, one after the other: an observer with
 * the quantize that replaced it. The two are never on the same side, so they share one place and the layout stays
 * straight. `constants` are nodes that the comparison leaves out: a quantize also reads its scale.
 */
export function* sharedSlots(
  edges: readonly EdgeView[],
  removed: readonly string[],
  added: readonly string[],
  constants: ReadonlySet<string>,
): InParts<ReadonlyMap<string, string>> {
  const around = neighbours(edges, constants);
  yield;
  const flowing = (names: readonly string[]) => new Set(names.filter((name) => !constants.has(name)));
  const free = new Map<string, (readonly string[])[]>();
  for (const chain of chains(flowing(added), around)) {
    const key = ends(chain, around);
    const known = free.get(key);
    if (known === undefined) free.set(key, [chain]);
    else known.push(chain);
  }
  yield;
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

import type { EdgeView } from '../../../src/index';
import type { PathEnd } from '../../store/studio';

/** All that can be reached along `next`, the start included. */
function reached(start: string, next: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const seen = new Set([start]);
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const other of next.get(name) ?? [])
      if (!seen.has(other)) {
        seen.add(other);
        open.push(other);
      }
  return seen;
}

function nextAlong(edges: readonly EdgeView[], isForward: boolean) {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const [at, other] = isForward ? [from, to] : [to, from];
    const known = next.get(at);
    if (known === undefined) next.set(at, [other]);
    else known.push(other);
  }
  return next;
}

/** Names of the nodes on the ways from a node to the inputs, to the outputs, or both: what it is computed of, and what depends on it. */
export function onPath(node: string, to: PathEnd, edges: readonly EdgeView[]): ReadonlySet<string> {
  const above = to === 'outputs' ? [] : reached(node, nextAlong(edges, false));
  const below = to === 'inputs' ? [] : reached(node, nextAlong(edges, true));
  return new Set([node, ...above, ...below]);
}

import { GraphIndex } from '../../graph/graph';
import type { NodeName } from '../../graph/ids';
import type { Model } from '../../graph/model';
import { inputsOf, isNodeRef, type Node } from '../../graph/node';
import { resolveNode } from '../../graph/resolve';
import { FUSIONS, isMatchable, spellingOf } from './relatedOps';

/** Ops that count as one: `linear → relu → observer` has the base `linear`, which names it, and the end's value. */
export interface Subgraph {
  readonly base: Node;
  readonly end: Node;
}

/**
 * The ops of a model that can have a counterpart, from the output backwards, depth first, the last input first
 * (torch/ao/ns/fx/graph_matcher.py, `_NSGraphMatchableSubgraphsIterator`).
 */
export function matchableSubgraphs(model: Model): readonly Subgraph[] {
  const index = new GraphIndex(model.graph);
  const seen = new Set<NodeName>();
  const open: Node[] = model.graph.nodes.filter((node) => node.op === 'output');
  const found: Subgraph[] = [];
  for (let end = open.pop(); end; end = open.pop()) {
    if (seen.has(end.name)) continue;
    const chain = chainTo(model, index, end, seen);
    const base = chain[chain.length - 1] ?? end;
    for (const node of chain) seen.add(node.name);
    open.push(...inputsOf(base).map((name) => index.get(name)));
    if (!isObserver(model, index, base) && isMatchable(base, spellingOf(model, base)))
      found.push({ base, end });
  }
  return found;
}

const isObserver = (model: Model, index: GraphIndex, node: Node): boolean =>
  resolveNode(model, index, node)?.op === 'observer';

/** The nodes of the fusion that ends here, from its end to its base; the node alone where there is none. */
function chainTo(model: Model, index: GraphIndex, end: Node, seen: ReadonlySet<NodeName>): readonly Node[] {
  const last = isObserver(model, index, end) ? inputOf(index, end) : end;
  if (!last || seen.has(last.name)) return [end];
  const observers = last === end ? [] : [end];
  for (const pattern of FUSIONS) {
    const chain = matched(model, index, last, pattern, seen);
    if (chain) return [...observers, ...chain];
  }
  // An observer belongs to the op whose value it passes on.
  return isMatchable(last, spellingOf(model, last)) ? [...observers, last] : [end];
}

function matched(
  model: Model,
  index: GraphIndex,
  last: Node,
  pattern: (typeof FUSIONS)[number],
  seen: ReadonlySet<NodeName>,
): readonly Node[] | null {
  const chain: Node[] = [];
  let node: Node | undefined = last;
  for (const fits of pattern) {
    if (!node || seen.has(node.name) || !fits(spellingOf(model, node))) return null;
    chain.push(node);
    node = inputOf(index, node);
  }
  // PyTorch wants the base to read a node, too.
  return node ? chain : null;
}

function inputOf(index: GraphIndex, node: Node): Node | undefined {
  const [input] = node.args;
  return isNodeRef(input) ? index.find(input.node) : undefined;
}

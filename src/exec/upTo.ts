import { GraphIndex } from '../graph/graph';
import { type NodeName, nodeName } from '../graph/ids';
import type { Model } from '../graph/model';
import { type Node, readsOf, ref } from '../graph/node';

/**
 * The part of a model that computes one value, which it returns:
 *
 *     x → fc1 → obs → fc2 → output        up to obs becomes        x → fc1 → obs → output
 *
 * Throws a GraphError when there is no such node.
 */
export function upTo<M extends Model>(model: M, name: NodeName): M {
  const index = new GraphIndex(model.graph);
  index.get(name);
  const kept = new Set<NodeName>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (kept.has(next)) continue;
    kept.add(next);
    open.push(...readsOf(index.get(next)));
  }
  const output: Node = {
    name: nodeName('output'),
    op: 'output',
    target: 'output',
    args: [ref(name)],
    kwargs: {},
  };
  const nodes = model.graph.nodes.filter((node) => node.op !== 'output' && kept.has(node.name));
  return { ...model, graph: { nodes: [...nodes, output] } };
}

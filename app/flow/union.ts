import type { EdgeView, GraphView, NodeChange, NodeView } from '../../src/index';

/** One side of the comparison: the nodes of one step's graph, each with what the step did to it. */
export interface Side {
  readonly nodes: readonly NodeView[];
  readonly edges: readonly EdgeView[];
}

/** What is drawn: one graph, or two that are laid out as one. */
export interface Scene {
  /** The earlier step's graph; null when one graph is shown alone. */
  readonly before: Side | null;
  readonly after: Side;
  /** Every node and edge of both sides once: what the layout works on. */
  readonly union: Side;
}

const edgeKey = (edge: EdgeView): string => JSON.stringify([edge.from, edge.to]);

const distinct = <T>(items: readonly T[], key: (item: T) => string): readonly T[] => [
  ...new Map(items.map((item) => [key(item), item])).values(),
];

/**
 * What became of a node of the earlier graph: gone, or what the later graph says of it. Nothing is `added` on
 * the earlier side, even if an added node reuses a name.
 */
function fateOf(node: NodeView, after: ReadonlyMap<string, NodeView>): NodeChange {
  const later = after.get(node.name);
  if (later === undefined) return 'removed';
  return later.change === 'changed' ? 'changed' : 'same';
}

/** Two graphs over one set of places: a node of both stands in the same place on both sides. */
export function compareScene(before: GraphView, after: GraphView): Scene {
  const later = new Map(after.nodes.map((node) => [node.name, node]));
  const earlier = before.nodes.map((node) => ({ ...node, change: fateOf(node, later) }));
  const removed = earlier.filter((node) => node.change === 'removed');
  return {
    before: { nodes: earlier, edges: before.edges },
    after,
    union: {
      nodes: [...after.nodes, ...removed],
      edges: distinct([...after.edges, ...before.edges], edgeKey),
    },
  };
}

export const singleScene = (graph: GraphView): Scene => ({ before: null, after: graph, union: graph });

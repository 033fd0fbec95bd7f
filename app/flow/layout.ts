import { graphlib, layout } from '@dagrejs/dagre';
import type { EdgeView, NodeRole } from '../../src/index';

/** Node sizes in the graph's own pixels; fixed, so that a layout needs no measuring. */
export const NODE_HEIGHT = 46;
export const NODE_WIDTH: { readonly [R in NodeRole]: number } = {
  input: 212,
  output: 212,
  layer: 212,
  op: 212,
  observer: 196,
  equalization: 196,
  quantize: 196,
  param: 168,
};

export interface LayoutNode {
  readonly name: string;
  readonly role: NodeRole;
}
export interface LayoutRequest {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly EdgeView[];
}
/** The top left corner of each node. */
export type Positions = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

/** Above this many nodes dagre's network simplex takes seconds; longest paths rank as well for chains. */
const SIMPLEX_LIMIT = 600;

/**
 * Layered layout from top to bottom (dagre). The first node is centred over x = 0 at y = 0, so that a graph
 * keeps its place when a step adds nodes to it.
 */
export function layoutGraph({ nodes, edges }: LayoutRequest): Positions {
  const graph = new graphlib.Graph();
  const ranker = nodes.length > SIMPLEX_LIMIT ? 'longest-path' : 'network-simplex';
  graph.setGraph({ rankdir: 'TB', nodesep: 26, ranksep: 26, ranker });
  // Numbers as keys: a node may be called `constructor`, which graphlib's plain objects would trip over.
  const keys = new Map(nodes.map((node, index) => [node.name, `n${index}`]));
  nodes.forEach((node, index) => {
    graph.setNode(`n${index}`, { width: NODE_WIDTH[node.role], height: NODE_HEIGHT });
  });
  for (const edge of edges) {
    const from = keys.get(edge.from);
    const to = keys.get(edge.to);
    if (from === undefined || to === undefined)
      throw new Error(`internal: the edge ${edge.from} → ${edge.to} names a node that the graph lacks`);
    graph.setEdge(from, to, {});
  }
  layout(graph);
  const centres = nodes.map((node, index) => ({ node, centre: graph.node(`n${index}`) }));
  const origin = centres[0]?.centre;
  return new Map(
    centres.map(({ node, centre }) => [
      node.name,
      {
        x: Number(centre.x) - Number(origin?.x) - NODE_WIDTH[node.role] / 2,
        y: Number(centre.y) - Number(origin?.y),
      },
    ]),
  );
}

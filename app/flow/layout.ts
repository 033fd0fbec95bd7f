import { graphlib, layout } from '@dagrejs/dagre';
import type { EdgeView } from '../../src/index';
import { type LayoutNode, NODE_HEIGHT, NODE_WIDTH } from './nodeSize';
import { type Beside, findSatellites, type Satellite } from './satellites';

const GAP = 24;

export interface LayoutRequest {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly EdgeView[];
}
export interface Place {
  /** The node's top left corner. */
  readonly x: number;
  readonly y: number;
  /** Set for a constant that stands on that side of the one node that reads it. */
  readonly beside: Beside | null;
}
export type Positions = ReadonlyMap<string, Place>;

/** Above this many nodes dagre's network simplex takes seconds; longest paths rank as well for chains. */
const SIMPLEX_LIMIT = 600;

/** dagre's graph, with numbers as keys: a node may be called `constructor`, which its plain objects would trip over. */
function dagreGraph({ nodes, edges }: LayoutRequest, satellites: ReadonlyMap<string, Satellite>) {
  const graph = new graphlib.Graph();
  const ranker = nodes.length > SIMPLEX_LIMIT ? 'longest-path' : 'network-simplex';
  graph.setGraph({ rankdir: 'TB', nodesep: GAP, ranksep: 26, ranker });
  const keys = new Map(nodes.map((node, index) => [node.name, `n${index}`]));
  const hosts = new Set([...satellites.values()].map(({ user }) => user));
  for (const { name, role } of nodes) {
    // Room on both sides, even for one satellite: the reader's centre must stay the box's centre.
    const room = hosts.has(name) ? 2 * (NODE_WIDTH.param + GAP) : 0;
    if (!satellites.has(name))
      graph.setNode(keys.get(name) ?? name, { width: NODE_WIDTH[role] + room, height: NODE_HEIGHT });
  }
  for (const edge of edges) {
    const from = keys.get(edge.from);
    const to = keys.get(edge.to);
    if (from === undefined || to === undefined)
      throw new Error(`internal: the edge ${edge.from} → ${edge.to} names a node that the graph lacks`);
    if (!satellites.has(edge.from)) graph.setEdge(from, to, {});
  }
  return { graph, keys };
}

/**
 * Layered layout from top to bottom (dagre). The first node is centred over x = 0 at y = 0, so that a graph
 * keeps its place when a step adds nodes to it.
 */
export function layoutGraph(request: LayoutRequest): Positions {
  const satellites = findSatellites(request.nodes, request.edges);
  const { graph, keys } = dagreGraph(request, satellites);
  layout(graph);
  const centreOf = (name: string) => {
    const centre = graph.node(keys.get(name) ?? name);
    return { x: Number(centre.x), y: Number(centre.y) };
  };
  const first = request.nodes.find(({ name }) => !satellites.has(name));
  const origin = first === undefined ? { x: 0, y: 0 } : centreOf(first.name);
  const roles = new Map(request.nodes.map(({ name, role }) => [name, role]));
  return new Map(
    request.nodes.map(({ name, role }): readonly [string, Place] => {
      const satellite = satellites.get(name);
      const { x, y } = centreOf(satellite?.user ?? name);
      const half = NODE_WIDTH[role] / 2;
      const place = { x: x - origin.x - half, y: y - origin.y, beside: satellite?.beside ?? null };
      if (satellite === undefined) return [name, place];
      const distance = NODE_WIDTH[roles.get(satellite.user) ?? 'op'] / 2 + GAP + half;
      return [name, { ...place, x: place.x + (satellite.beside === 'left' ? -distance : distance) }];
    }),
  );
}

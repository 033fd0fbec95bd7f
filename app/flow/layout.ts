import { graphlib, layout } from '@dagrejs/dagre';
import type { EdgeView } from '../../src/index';
import { chains, neighbours } from './chains';
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

const RANK_GAP = 26;
/** From the top of one node of a run to the top of the next. */
const PITCH = NODE_HEIGHT + RANK_GAP;

/** Above this many runs dagre's network simplex takes seconds; longest paths rank as well. */
const SIMPLEX_LIMIT = 600;

/** An unbranched run of nodes, which dagre sees as one tall box: it recurses along paths and would overflow. */
interface Run {
  readonly nodes: readonly LayoutNode[];
  readonly width: number;
}

function runsOf({ nodes, edges }: LayoutRequest, satellites: ReadonlyMap<string, Satellite>): readonly Run[] {
  const flow = edges.filter((edge) => !satellites.has(edge.from));
  const hosts = new Set([...satellites.values()].map(({ user }) => user));
  const known = new Map(nodes.map((node) => [node.name, node]));
  const members = new Set(nodes.map(({ name }) => name).filter((name) => !satellites.has(name)));
  // Room on both sides, even for one satellite: the reader's centre must stay the box's centre.
  const widthOf = ({ name, role }: LayoutNode) =>
    NODE_WIDTH[role] + (hosts.has(name) ? 2 * (NODE_WIDTH.param + GAP) : 0);
  return chains(members, neighbours(flow, new Set())).map((chain) => {
    const run = chain.flatMap((name) => known.get(name) ?? []);
    return { nodes: run, width: run.reduce((most, node) => Math.max(most, widthOf(node)), 0) };
  });
}

/** dagre's graph of runs, with numbers as keys: a node may be called `constructor`, which its plain objects would trip over. */
function dagreGraph(runs: readonly Run[], edges: readonly EdgeView[]) {
  const graph = new graphlib.Graph();
  const ranker = runs.length > SIMPLEX_LIMIT ? 'longest-path' : 'network-simplex';
  graph.setGraph({ rankdir: 'TB', nodesep: GAP, ranksep: RANK_GAP, rankalign: 'top', ranker });
  const runOf = new Map(
    runs.flatMap(({ nodes }, index) => nodes.map(({ name }) => [name, `r${index}`] as const)),
  );
  runs.forEach(({ nodes, width }, index) => {
    graph.setNode(`r${index}`, { width, height: nodes.length * PITCH - RANK_GAP });
  });
  for (const edge of edges) {
    const from = runOf.get(edge.from);
    const to = runOf.get(edge.to);
    if (from !== undefined && to !== undefined && from !== to) graph.setEdge(from, to, {});
  }
  return graph;
}

/** Centre line and top of every node that is not a satellite. */
function placeRuns(runs: readonly Run[], edges: readonly EdgeView[]) {
  const graph = dagreGraph(runs, edges);
  layout(graph);
  return new Map(
    runs.flatMap(({ nodes }, index) => {
      const box = graph.node(`r${index}`);
      const top = Number(box.y) - Number(box.height) / 2;
      return nodes.map(({ name }, row) => [name, { middle: Number(box.x), top: top + row * PITCH }] as const);
    }),
  );
}

function checkEdges({ nodes, edges }: LayoutRequest) {
  const names = new Set(nodes.map(({ name }) => name));
  const lost = edges.find(({ from, to }) => !names.has(from) || !names.has(to));
  if (lost !== undefined)
    throw new Error(`internal: the edge ${lost.from} → ${lost.to} names a node that the graph lacks`);
}

/**
 * Layered layout from top to bottom (dagre). The first node is centred over x = 0 at y = 0, so that a graph
 * keeps its place when a step adds nodes to it.
 */
export function layoutGraph(request: LayoutRequest): Positions {
  checkEdges(request);
  const satellites = findSatellites(request.nodes, request.edges);
  const places = placeRuns(runsOf(request, satellites), request.edges);
  const roles = new Map(request.nodes.map(({ name, role }) => [name, role]));
  const first = request.nodes.find(({ name }) => !satellites.has(name));
  const origin = places.get(first?.name ?? '') ?? { middle: 0, top: 0 };
  const positions = new Map<string, Place>();
  for (const { name, role } of request.nodes) {
    const satellite = satellites.get(name);
    const place = places.get(satellite?.user ?? name);
    if (place === undefined) continue;
    const half = NODE_WIDTH[role] / 2;
    const distance =
      satellite === undefined ? 0 : NODE_WIDTH[roles.get(satellite.user) ?? 'op'] / 2 + GAP + half;
    const middle = place.middle - origin.middle + (satellite?.beside === 'left' ? -distance : distance);
    positions.set(name, { x: middle - half, y: place.top - origin.top, beside: satellite?.beside ?? null });
  }
  return positions;
}

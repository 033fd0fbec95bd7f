import { graphlib, layout } from '@dagrejs/dagre';
import type { EdgeView } from '../../src/index';
import { chains, neighbours } from './chains';
import {
  type Arrangement,
  distanceTo,
  GAP,
  type LayoutNode,
  NODE_HEIGHT,
  NODE_WIDTH,
  widthWithConstants,
} from './nodeSize';
import { type Beside, findSatellites, type Satellite } from './satellites';

export interface LayoutRequest {
  readonly arrangement: Arrangement;
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly EdgeView[];
}
export interface Place {
  /** The node's top left corner. */
  readonly x: number;
  readonly y: number;
  /** Set for a constant that stands on that side of the one node that reads it, or in the row above it. */
  readonly constant: Beside | 'above' | null;
}
export type Positions = ReadonlyMap<string, Place>;

const RANK_GAP = 26;
/** From the top of one node of a run to the top of the next. */
const PITCH = NODE_HEIGHT + RANK_GAP;

/** Above this many runs dagre's network simplex takes seconds; longest paths rank as well. */
const SIMPLEX_LIMIT = 600;

/** An unbranched run of nodes, which dagre sees as one tall box: it recurses along paths and would overflow. */
interface Run {
  /** Each node with its row in the run; its constants may take the row above. */
  readonly rows: readonly { readonly name: string; readonly row: number }[];
  readonly height: number;
  readonly width: number;
}

function runOf(nodes: readonly LayoutNode[], readers: ReadonlySet<string>, arrangement: Arrangement): Run {
  let row = 0;
  let width = 0;
  const rows = nodes.map(({ name, role }) => {
    const reads = readers.has(name);
    // Room on both sides, even for one constant: the reader's centre must stay the box's centre.
    const whole = reads ? widthWithConstants(role, arrangement) : NODE_WIDTH[role];
    width = Math.max(width, whole);
    if (reads && arrangement === 'above') row += 1;
    return { name, row: row++ };
  });
  return { rows, width, height: row * PITCH - RANK_GAP };
}

function runsOf(request: LayoutRequest, satellites: ReadonlyMap<string, Satellite>): readonly Run[] {
  const { nodes, edges, arrangement } = request;
  const flow = edges.filter((edge) => !satellites.has(edge.from));
  const readers = new Set([...satellites.values()].map(({ user }) => user));
  const known = new Map(nodes.map((node) => [node.name, node]));
  const members = new Set(nodes.map(({ name }) => name).filter((name) => !satellites.has(name)));
  return chains(members, neighbours(flow, new Set())).map((chain) =>
    runOf(
      chain.flatMap((name) => known.get(name) ?? []),
      readers,
      arrangement,
    ),
  );
}

/** dagre's graph of runs, with numbers as keys: a node may be called `constructor`, which its plain objects would trip over. */
function dagreGraph(runs: readonly Run[], edges: readonly EdgeView[]) {
  const graph = new graphlib.Graph();
  const ranker = runs.length > SIMPLEX_LIMIT ? 'longest-path' : 'network-simplex';
  graph.setGraph({ rankdir: 'TB', nodesep: GAP, ranksep: RANK_GAP, rankalign: 'top', ranker });
  const runOf = new Map(
    runs.flatMap(({ rows }, index) => rows.map(({ name }) => [name, `r${index}`] as const)),
  );
  runs.forEach(({ width, height }, index) => {
    graph.setNode(`r${index}`, { width, height });
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
    runs.flatMap(({ rows }, index) => {
      const box = graph.node(`r${index}`);
      const top = Number(box.y) - Number(box.height) / 2;
      return rows.map(({ name, row }) => [name, { middle: Number(box.x), top: top + row * PITCH }] as const);
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
    const distance =
      satellite === undefined ? 0 : distanceTo(roles.get(satellite.user) ?? 'op', request.arrangement);
    const middle = place.middle - origin.middle + (satellite?.beside === 'left' ? -distance : distance);
    const isAbove = satellite !== undefined && request.arrangement === 'above';
    positions.set(name, {
      x: middle - NODE_WIDTH[role] / 2,
      y: place.top - origin.top - (isAbove ? PITCH : 0),
      constant: satellite === undefined ? null : isAbove ? 'above' : satellite.beside,
    });
  }
  return positions;
}

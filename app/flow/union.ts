import type { EdgeView, GraphView, NodeChange, NodeView } from '../../src/index';
import { atOnce, type InParts } from '../inParts';
import type { NodeDifference } from '../store/compare/differencesOf';
import type { PlayedStep } from '../store/studio';
import { sharedSlots } from './slots';

/** A node as it is drawn: a ghost stands where a node of the other side is, or where one was. */
export interface DrawnNode extends NodeView {
  readonly ghost?: boolean;
}

/** One side of the comparison: the nodes of one step's graph, each with what the step did to it. */
export interface Side {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly EdgeView[];
}

/** What is drawn: one graph, or two that are laid out as one. */
export interface Scene {
  /** The earlier step's graph; null when one graph is shown alone. */
  readonly before: Side | null;
  readonly after: Side;
  /** Every node of both sides once, and the edges that order them: what the layout works on. */
  readonly union: Side;
  /** Nodes of the earlier side that stand where a node of the later side stands, see `sharedSlots`. */
  readonly slots: ReadonlyMap<string, string>;
  /** Of a step that is being played: where it is. */
  readonly played?: PlayedStep;
}

/** Names have no line breaks. */
const edgeKey = ({ from, to }: EdgeView): string => `${from}\n${to}`;

const keyed = (edges: readonly EdgeView[]): ReadonlyMap<string, EdgeView> =>
  new Map(edges.map((edge) => [edgeKey(edge), edge]));

/**
 * What became of a node of the earlier graph: gone, or what the later graph says of it. Nothing is `added` on
 * the earlier side, even if an added node reuses a name.
 */
function fateOf(node: NodeView, after: ReadonlyMap<string, NodeView>): NodeChange {
  const later = after.get(node.name);
  if (later === undefined) return 'removed';
  return later.change === 'changed' ? 'changed' : 'same';
}

/** How far a way around an edge is looked for: a pass puts a handful of nodes into an edge, not hundreds. */
const DETOUR_LIMIT = 64;

/** Whether `edge.to` can be reached from `edge.from` without the edge itself. */
function hasDetour(edge: EdgeView, next: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const queue = (next.get(edge.from) ?? []).filter((name) => name !== edge.to);
  for (let node = queue.shift(); node !== undefined && seen.size < DETOUR_LIMIT; node = queue.shift()) {
    if (node === edge.to) return true;
    if (seen.has(node)) continue;
    seen.add(node);
    queue.push(...(next.get(node) ?? []));
  }
  return false;
}

/** What each edge leads to, and how many edges lead to each node. */
function following(edges: Iterable<EdgeView>) {
  const next = new Map<string, string[]>();
  const inputs = new Map<string, number>();
  for (const { from, to } of edges) {
    const targets = next.get(from);
    if (targets === undefined) next.set(from, [to]);
    else targets.push(to);
    inputs.set(to, (inputs.get(to) ?? 0) + 1);
  }
  return { next, inputs };
}

/**
 * The edges of both graphs, less those that only one side has and that the other side leads through a node in
 * between. Such an edge would bend the layout around the place of that node, which is empty on its own side.
 */
export function* unionEdges(
  before: readonly EdgeView[],
  after: readonly EdgeView[],
): InParts<readonly EdgeView[]> {
  const early = keyed(before);
  yield;
  const late = keyed(after);
  yield;
  const all = new Map([...late, ...early]);
  yield;
  const { next, inputs } = following(all.values());
  yield;
  /** There is no way around the only edge to a node: most of what a pass inserts needs no search. */
  const isOnly = ({ to }: EdgeView) => inputs.get(to) === 1;
  return [...all].flatMap(([key, edge]) =>
    (early.has(key) && late.has(key)) || isOnly(edge) || !hasDetour(edge, next) ? [edge] : [],
  );
}

/** Two graphs over one set of places: a node of both stands in the same place on both sides. */
export function* compareInParts(
  before: GraphView,
  after: GraphView,
  differences: readonly NodeDifference[] | null,
): InParts<Scene> {
  const later = differences === null ? after : marked(before, after, differences);
  yield;
  const united = yield* unitedScene(before, later);
  yield;
  return withGhosts(united);
}

export const compareScene = (
  before: GraphView,
  after: GraphView,
  differences: readonly NodeDifference[] | null = null,
): Scene => atOnce(compareInParts(before, after, differences));

/** The later graph with what differs from the earlier one, whatever its own step did to it. */
function marked(before: GraphView, after: GraphView, differences: readonly NodeDifference[]): GraphView {
  const known = new Set(before.nodes.map(({ name }) => name));
  const changed = new Set(differences.flatMap(({ node, kind }) => (kind === 'changed' ? [node] : [])));
  const changeOf = (name: string): NodeChange =>
    known.has(name) ? (changed.has(name) ? 'changed' : 'same') : 'added';
  return { ...after, nodes: after.nodes.map((node) => ({ ...node, change: changeOf(node.name) })) };
}

/** Each side shows as ghosts what the other one has, where that place is free on it. */
function withGhosts(scene: Scene): Scene {
  const { before, after, slots } = scene;
  if (before === null) return scene;
  const missing = (nodes: readonly NodeView[], here: Side, change: NodeChange): readonly DrawnNode[] => {
    const names = new Set(here.nodes.map(({ name }) => name));
    const taken = new Set(here.nodes.flatMap(({ name }) => slots.get(name) ?? name));
    return nodes.flatMap((node) =>
      names.has(node.name) || taken.has(slots.get(node.name) ?? node.name)
        ? []
        : [{ ...node, change, ghost: true }],
    );
  };
  return {
    ...scene,
    before: { ...before, nodes: [...before.nodes, ...missing(after.nodes, before, 'added')] },
    after: { ...after, nodes: [...after.nodes, ...missing(before.nodes, after, 'removed')] },
  };
}

function* unitedScene(before: GraphView, after: GraphView): InParts<Scene> {
  const later = new Map(after.nodes.map((node) => [node.name, node]));
  const earlier = before.nodes.map((node) => ({ ...node, change: fateOf(node, later) }));
  const removed = earlier.filter((node) => node.change === 'removed');
  const known = new Set(before.nodes.map((node) => node.name));
  yield;
  const edges = [...keyed([...after.edges, ...before.edges]).values()];
  yield;
  const slots = yield* sharedSlots(
    edges,
    removed.map((node) => node.name),
    after.nodes.filter((node) => !known.has(node.name)).map((node) => node.name),
    new Set(
      [...before.nodes, ...after.nodes].filter((node) => node.role === 'param').map((node) => node.name),
    ),
  );
  yield;
  const place = (name: string) => slots.get(name) ?? name;
  const moved = before.edges.map(({ from, to }) => ({ from: place(from), to: place(to) }));
  const all = yield* unionEdges(moved, after.edges);
  return {
    before: { nodes: earlier, edges: before.edges },
    after,
    slots,
    union: {
      nodes: [...after.nodes, ...removed.filter((node) => !slots.has(node.name))],
      edges: all,
    },
  };
}

const singles = new WeakMap<GraphView, Scene>();

/** The same scene for the same graph. */
export function singleScene(graph: GraphView): Scene {
  const known = singles.get(graph) ?? { before: null, after: graph, union: graph, slots: new Map() };
  singles.set(graph, known);
  return known;
}

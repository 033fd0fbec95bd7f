import type { EdgeView } from '../../../src/index';
import { atOnce, type InParts } from '../../inParts';
import { type Group, type GroupTree, groupsAround } from '../../store/groups/groupTree';
import { isOpen, type Toggled } from '../../store/groups/openGroups';
import type { LayoutNode } from '../nodeSize';
import type { DrawnNode, Scene, Side } from '../union';

/** A closed group on one side of the comparison, with the nodes of that side that stand in it. */
export interface ClosedGroup {
  readonly group: Group;
  readonly members: readonly DrawnNode[];
  /** Ghosts in it: what the other side has there. */
  readonly ghosts: readonly DrawnNode[];
}

/** One side with closed groups in the place of their nodes. */
export interface GroupedSide extends Side {
  readonly closed: readonly ClosedGroup[];
  /** Open groups that hold something on this side, outer ones first. */
  readonly open: readonly Group[];
}

/** What is drawn of a scene: nodes, closed groups, frames around those that are open. */
export interface GroupedScene {
  readonly before: GroupedSide | null;
  readonly after: GroupedSide;
  readonly slots: ReadonlyMap<string, string>;
  /** What the layout works on: the nodes and closed groups of both sides once. */
  readonly items: readonly LayoutNode[];
  readonly edges: readonly EdgeView[];
  readonly frames: readonly Group[];
}

/** What stands for a node, and in which open group. */
interface Seen {
  readonly id: string;
  readonly closed: Group | null;
  /** Open groups around it, innermost first. */
  readonly around: readonly Group[];
}

/** Looks up once per module path what stands for the nodes in it: nodes keep their paths' arrays from scene to scene. */
class Sight {
  private readonly known = new Map<string, Omit<Seen, 'id'>>();
  private readonly knownPaths = new WeakMap<readonly string[], Omit<Seen, 'id'>>();

  constructor(
    private readonly tree: GroupTree,
    private readonly toggled: Toggled,
  ) {}

  of({ name, path }: DrawnNode): Seen {
    const found = this.knownPaths.get(path) ?? this.find(path);
    return { id: found.closed?.id ?? name, closed: found.closed, around: found.around };
  }

  private find(path: readonly string[]): Omit<Seen, 'id'> {
    const key = path.join('/');
    const found = this.known.get(key) ?? this.look(path);
    this.known.set(key, found);
    this.knownPaths.set(path, found);
    return found;
  }

  private look(path: readonly string[]): Omit<Seen, 'id'> {
    const groups = groupsAround(this.tree, path);
    const outermost = groups.findLastIndex(({ id }) => !isOpen(this.tree, this.toggled, id));
    return { closed: groups[outermost] ?? null, around: groups.slice(outermost + 1) };
  }
}

let last: { readonly tree: GroupTree; readonly toggled: Toggled; readonly sight: Sight } | null = null;

/** The same while the same groups are open, as from change to change of a pass. */
function sightOf(tree: GroupTree, toggled: Toggled): Sight {
  if (last?.tree !== tree || last.toggled !== toggled)
    last = { tree, toggled, sight: new Sight(tree, toggled) };
  return last.sight;
}

/** Edges between what stands for their nodes, each once. */
function edgesBetween(edges: readonly EdgeView[], ids: ReadonlyMap<string, string>): readonly EdgeView[] {
  const found = new Map<string, EdgeView>();
  for (const edge of edges) {
    const [from, to] = [ids.get(edge.from), ids.get(edge.to)];
    if (from === undefined || to === undefined || from === to) continue;
    found.set(`${from}\n${to}`, { from, to });
  }
  return [...found.values()];
}

const outerFirst = (groups: Iterable<Group>): readonly Group[] =>
  [...new Map([...groups].map((group) => [group.id, group])).values()].sort((a, b) => a.depth - b.depth);

function* groupedSide({ nodes, edges }: Side, sight: Sight): InParts<GroupedSide> {
  const ids = new Map<string, string>();
  const closed = new Map<string, { group: Group; members: DrawnNode[]; ghosts: DrawnNode[] }>();
  const open = new Set<Group>();
  const standing: DrawnNode[] = [];
  for (const node of nodes) {
    const seen = sight.of(node);
    ids.set(node.name, seen.id);
    for (const group of seen.around) open.add(group);
    if (seen.closed === null) standing.push(node);
    else {
      const known = closed.get(seen.id) ?? { group: seen.closed, members: [], ghosts: [] };
      closed.set(seen.id, known);
      (node.ghost ? known.ghosts : known.members).push(node);
    }
  }
  yield;
  return {
    nodes: standing,
    edges: edgesBetween(edges, ids),
    closed: [...closed.values()],
    open: outerFirst(open),
  };
}

/** Nodes that share the place of another one can do so while both are drawn, in the same group. */
function drawnSlots({ before, after, union, slots }: Scene, sight: Sight): ReadonlyMap<string, string> {
  if (slots.size === 0) return slots;
  const known = new Map(
    [...union.nodes, ...after.nodes, ...(before?.nodes ?? [])].map((node) => [node.name, node]),
  );
  const isDrawn = (guest: string, host: string) => {
    const [one, other] = [known.get(guest), known.get(host)];
    if (one === undefined || other === undefined) return false;
    const [a, b] = [sight.of(one), sight.of(other)];
    return a.closed === null && b.closed === null && a.around[0] === b.around[0];
  };
  return new Map([...slots].filter(([guest, host]) => isDrawn(guest, host)));
}

/** Places of the earlier side that cannot be shared while they are drawn so: their nodes need places of their own. */
function homelessIn(scene: Scene, drawn: ReadonlyMap<string, string>): readonly DrawnNode[] {
  if (scene.slots.size === drawn.size) return [];
  return [...(scene.before?.nodes ?? []), ...scene.after.nodes].filter(
    ({ name }) => scene.slots.has(name) && !drawn.has(name),
  );
}

function* grouped(scene: Scene, sight: Sight): InParts<GroupedScene> {
  const slots = drawnSlots(scene, sight);
  const ids = new Map<string, string>();
  const items = new Map<string, LayoutNode>();
  const frames = new Set<Group>();
  for (const node of [...scene.union.nodes, ...homelessIn(scene, slots)]) {
    const { id, closed, around } = sight.of(node);
    ids.set(node.name, id);
    for (const group of around) frames.add(group);
    if (!items.has(id))
      items.set(id, { name: id, role: closed === null ? node.role : 'group', parent: around[0]?.id ?? null });
  }
  yield;
  const edges = edgesBetween(scene.union.edges, ids);
  yield;
  const before = scene.before && (yield* groupedSide(scene.before, sight));
  yield;
  const after = yield* groupedSide(scene.after, sight);
  return { before, after, slots, items: [...items.values()], edges, frames: outerFirst(frames) };
}

/** What a scene was last, by the groups that were open then. */
const known = new WeakMap<Scene, { readonly sight: Sight; readonly grouped: GroupedScene }>();

/** The scene with its closed groups drawn as one node each. The same for the same scene and groups, as long as they follow each other. */
export function* groupInParts(scene: Scene, tree: GroupTree, toggled: Toggled): InParts<GroupedScene> {
  const sight = sightOf(tree, toggled);
  const last = known.get(scene);
  if (last?.sight === sight) return last.grouped;
  const made = yield* grouped(scene, sight);
  known.set(scene, { sight, grouped: made });
  return made;
}

export const groupScene = (scene: Scene, tree: GroupTree, toggled: Toggled): GroupedScene =>
  atOnce(groupInParts(scene, tree, toggled));

import type { GraphView, NodeView } from '../../../src/index';
import { type Item, shapeOf } from './structure';

/** A module, or a run of modules of one structure, that can be drawn as one node. */
export interface Group {
  readonly id: string;
  /** As its parent would call it: `layers`, `0`; several parts where a module holds one other alone. */
  readonly title: string;
  /** With the titles of all groups around it: `encoder.layers.0`. */
  readonly fullTitle: string;
  readonly parent: string | null;
  /** How many groups stand around it. */
  readonly depth: number;
  readonly groups: readonly string[];
  /** Nodes in it and in the groups in it, in the model as it was opened. */
  readonly size: number;
  /** How many of its groups have one structure, where all do; 0 where they do not. */
  readonly repeats: number;
  /** The first group with the same structure, by its full title; null for the first itself and for one of its own kind. */
  readonly like: string | null;
}

/** The groups of a model: they stay the same from step to step. */
export interface GroupTree {
  readonly groups: ReadonlyMap<string, Group>;
  /** Of the opened model. */
  readonly nodes: number;
  /** The innermost group by module path, joined by `/`. */
  readonly byPath: ReadonlyMap<string, string>;
}

/** A key that no node of a graph has: node names hold no colon. */
const keyOf = (path: readonly string[]): string => `group:${path.join('/')}`;

/** A module with what stands in it, in the order of the graph. */
interface Folder {
  readonly path: readonly string[];
  readonly items: (Folder | NodeView)[];
  readonly folders: Map<string, Folder>;
}
const isFolder = (item: Folder | NodeView): item is Folder => 'items' in item;

function foldersOf(nodes: readonly NodeView[]): Folder {
  const root: Folder = { path: [], items: [], folders: new Map() };
  for (const node of nodes) {
    let folder = root;
    for (const part of node.path) {
      let inner = folder.folders.get(part);
      if (inner === undefined) {
        inner = { path: [...folder.path, part], items: [], folders: new Map() };
        folder.folders.set(part, inner);
        folder.items.push(inner);
      }
      folder = inner;
    }
    if (node.role !== 'param') folder.items.push(node);
  }
  return root;
}

/** Fewer neighbours of one structure stay as they are. */
const LEAST_RUN = 3;

class TreeBuilder {
  readonly groups = new Map<string, Group>();
  readonly byPath = new Map<string, string>();
  private readonly firstOfShape = new Map<number, string>();
  private readonly shapes = new Map<Folder, Item>();

  constructor(graph: GraphView) {
    const users = new Map<string, string[]>();
    for (const { from, to } of graph.edges) {
      const known = users.get(from);
      if (known === undefined) users.set(from, [to]);
      else known.push(to);
    }
    const table = new Map<string, number>();
    const measure = (folder: Folder): Item => {
      const items = folder.items.map((item): Item => (isFolder(item) ? measure(item) : nodeItem(item)));
      const measured = shapeOf(items, users, table);
      this.shapes.set(folder, measured);
      return measured;
    };
    const root = foldersOf(graph.nodes);
    measure(root);
    this.children(root, null, '');
  }

  private shape = (item: Folder | NodeView): number | null =>
    isFolder(item) ? (this.shapes.get(item)?.shape ?? null) : null;

  /** Adds the groups of a folder; runs of one structure become a group between, unless they are all there is. */
  private children(folder: Folder, parent: string | null, title: string): readonly string[] {
    const runs: (Folder | NodeView)[][] = [];
    for (const item of folder.items) {
      const last = runs.at(-1);
      const [first] = last ?? [];
      const shape = this.shape(item);
      if (last && first && shape !== null && this.shape(first) === shape) last.push(item);
      else runs.push([item]);
    }
    return runs.flatMap((run) => {
      const folders = run.filter(isFolder);
      const isRun = folders.length >= LEAST_RUN && (parent === null || folders.length < folder.items.length);
      return isRun
        ? [this.run(folders, parent, title)]
        : folders.map((one) => this.group(one, parent, title));
    });
  }

  private group(
    outer: Folder,
    parent: string | null,
    before: string,
    relative = outer.path.at(-1) ?? '',
  ): string {
    let folder = outer;
    let title = relative;
    // A module that holds nothing but another module is no group of its own.
    for (let [only, more] = folder.items; only && !more && isFolder(only); [only, more] = folder.items) {
      this.byPath.set(folder.path.join('/'), keyOf(only.path));
      title = `${title}.${only.path.at(-1) ?? ''}`;
      folder = only;
    }
    const id = keyOf(folder.path);
    for (let depth = outer.path.length; depth <= folder.path.length; depth++)
      this.byPath.set(folder.path.slice(0, depth).join('/'), id);
    const fullTitle = before === '' ? title : `${before}.${title}`;
    const groups = this.enter(id, parent, { title, fullTitle, shape: this.shape(folder) }, () =>
      this.children(folder, id, fullTitle),
    );
    const inner = folder.items.filter(isFolder);
    const shapes = new Set(inner.map(this.shape));
    const repeats =
      inner.length > 1 && inner.length === groups.length && shapes.size === 1 ? inner.length : 0;
    this.complete(id, { groups, size: this.shapes.get(folder)?.nodes.length ?? 0, repeats });
    return id;
  }

  private run(folders: readonly Folder[], parent: string | null, before: string): string {
    const [first, last] = [folders[0], folders.at(-1)];
    const path = first?.path ?? [];
    const title = `${path.at(-1) ?? ''} … ${last?.path.at(-1) ?? ''}`;
    const id = keyOf([...path.slice(0, -1), title]);
    const fullTitle = before === '' ? title : `${before}.${title}`;
    const groups = this.enter(id, parent, { title, fullTitle, shape: null }, () =>
      folders.map((folder) => this.group(folder, id, before)),
    );
    const size = folders.reduce((sum, folder) => sum + (this.shapes.get(folder)?.nodes.length ?? 0), 0);
    this.complete(id, { groups, size, repeats: folders.length });
    return id;
  }

  /** Outer groups come before inner ones. */
  private enter(
    id: string,
    parent: string | null,
    { title, fullTitle, shape }: { title: string; fullTitle: string; shape: number | null },
    inner: () => readonly string[],
  ): readonly string[] {
    const like = shape === null ? null : (this.firstOfShape.get(shape) ?? null);
    if (shape !== null && like === null) this.firstOfShape.set(shape, fullTitle);
    const depth = parent === null ? 0 : (this.groups.get(parent)?.depth ?? 0) + 1;
    this.groups.set(id, { id, title, fullTitle, parent, depth, groups: [], size: 0, repeats: 0, like });
    return inner();
  }

  private complete(id: string, rest: Pick<Group, 'groups' | 'size' | 'repeats'>): void {
    const group = this.groups.get(id);
    if (group !== undefined) this.groups.set(id, { ...group, ...rest });
  }
}

/** Its type, its sizes and its shape: the details of other nodes name what they read. */
const nodeItem = ({ name, type, role, detail, shape }: NodeView): Item => ({
  label: `${type}|${role === 'layer' ? detail : ''}|${shape}`,
  shape: null,
  nodes: [name],
});

const trees = new WeakMap<GraphView, GroupTree>();

/** The groups of the model as it was opened. The same tree for the same graph. */
export function groupTree(graph: GraphView): GroupTree {
  const known = trees.get(graph);
  if (known !== undefined) return known;
  const { groups, byPath } = new TreeBuilder(graph);
  const tree = { groups, byPath, nodes: graph.nodes.length };
  trees.set(graph, tree);
  return tree;
}

export const NO_GROUPS: GroupTree = { groups: new Map(), byPath: new Map(), nodes: 0 };

/** The groups around a node, innermost first. */
export function groupsAround(tree: GroupTree, path: readonly string[]): readonly Group[] {
  const around: Group[] = [];
  let id: string | null = null;
  for (let depth = path.length; depth > 0 && id === null; depth--)
    id = tree.byPath.get(path.slice(0, depth).join('/')) ?? null;
  for (
    let group = tree.groups.get(id ?? '');
    group !== undefined;
    group = tree.groups.get(group.parent ?? '')
  )
    around.push(group);
  return around;
}

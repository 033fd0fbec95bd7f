import type { NodeView } from '../../src/index';

/** A module with what is in it, or one node. */
export type OutlineItem =
  | {
      readonly kind: 'module';
      /** Unique in the tree: `layers.0`. */
      readonly key: string;
      readonly title: string;
      readonly children: readonly OutlineItem[];
      /** Nodes in it, at any depth. */
      readonly count: number;
    }
  | { readonly kind: 'node'; readonly key: string; readonly node: NodeView };

interface Building {
  readonly key: string;
  readonly title: string;
  readonly children: (Building | NodeView)[];
  readonly modules: Map<string, Building>;
}

const begin = (key: string, title: string): Building => ({ key, title, children: [], modules: new Map() });

/** A module inside another, made where its first node comes in the order of the graph. */
function moduleIn(parent: Building, title: string): Building {
  const known = parent.modules.get(title);
  if (known !== undefined) return known;
  const made = begin(parent.key === '' ? title : `${parent.key}.${title}`, title);
  parent.modules.set(title, made);
  parent.children.push(made);
  return made;
}

const isModule = (child: Building | NodeView): child is Building => 'modules' in child;

function itemOf(child: Building | NodeView): OutlineItem {
  if (!isModule(child)) return { kind: 'node', key: `node ${child.name}`, node: child };
  const children = child.children.map(itemOf);
  const count = children.reduce((sum, item) => sum + (item.kind === 'module' ? item.count : 1), 0);
  return { kind: 'module', key: child.key, title: child.title, children, count };
}

/** The graph as a tree of its modules, each level in the order in which values flow. */
export function outlineOf(nodes: readonly NodeView[]): readonly OutlineItem[] {
  const root = begin('', '');
  for (const node of nodes) node.path.reduce(moduleIn, root).children.push(node);
  return root.children.map(itemOf);
}

/** A line of the tree as it is shown. */
export interface OutlineRow {
  readonly item: OutlineItem;
  /** From 1. */
  readonly level: number;
  /** Its place among those of its parent, from 1, and how many those are. */
  readonly place: number;
  readonly siblings: number;
  readonly parent: string | null;
}

/** The lines in sight: those whose modules are all open. */
export function rowsOf(
  items: readonly OutlineItem[],
  open: ReadonlySet<string>,
  level = 1,
  parent: string | null = null,
): readonly OutlineRow[] {
  return items.flatMap((item, index) => {
    const row: OutlineRow = { item, level, place: index + 1, siblings: items.length, parent };
    if (item.kind === 'node' || !open.has(item.key)) return [row];
    return [row, ...rowsOf(item.children, open, level + 1, item.key)];
  });
}

/** The modules around a node, outermost first, by their keys. */
export const modulesAround = ({ path }: NodeView): readonly string[] =>
  path.map((_, depth) => path.slice(0, depth + 1).join('.'));

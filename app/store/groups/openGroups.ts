import type { GroupTree } from './groupTree';

/** A model with at most as many nodes is shown whole. */
const SHOWN_WHOLE = 150;
/** Of a larger one, levels are opened while about as many nodes and groups are in sight. */
const FIRST_PICTURE = 60;

const defaults = new WeakMap<GroupTree, ReadonlySet<string>>();

/** The groups that are open until the user says otherwise. */
export function openAtFirst(tree: GroupTree): ReadonlySet<string> {
  const known = defaults.get(tree);
  if (known !== undefined) return known;
  const open = new Set<string>();
  const all = [...tree.groups.values()];
  if (tree.nodes <= SHOWN_WHOLE) for (const { id } of all) open.add(id);
  else openLevels(tree, open);
  defaults.set(tree, open);
  return open;
}

/** Opening a group puts its own nodes and groups in its place. */
function openLevels(tree: GroupTree, open: Set<string>): void {
  const all = [...tree.groups.values()];
  const inner = (ids: readonly string[]) =>
    ids.reduce((sum, id) => sum + (tree.groups.get(id)?.size ?? 0), 0);
  let shown =
    tree.nodes - all.filter(({ parent }) => parent === null).reduce((sum, { size }) => sum + size - 1, 0);
  for (let depth = 0; ; depth++) {
    const level = all.filter((group) => group.depth === depth);
    const more = level.reduce((sum, { size, groups }) => sum + size - inner(groups) + groups.length - 1, 0);
    if (level.length === 0 || shown + more > FIRST_PICTURE) return;
    shown += more;
    for (const { id } of level) open.add(id);
  }
}

/** The user's own openings and closings, by group. */
export type Toggled = Readonly<Record<string, boolean>>;

export function isOpen(tree: GroupTree, toggled: Toggled, id: string): boolean {
  return toggled[id] ?? openAtFirst(tree).has(id);
}

/** Opens or closes every group. */
export const withAll = (tree: GroupTree, open: boolean): Toggled =>
  Object.fromEntries([...tree.groups.keys()].map((id) => [id, open]));

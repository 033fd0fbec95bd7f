import type { NodeView, StudioView } from '../../../src/index';
import type { GraphLookSlice, Slice, Studio } from '../studio';
import { STEPS } from '../vocabulary';
import { type GroupTree, groupsAround, groupTree, NO_GROUPS } from './groupTree';
import { isOpen, withAll } from './openGroups';

/** The groups of the open model. */
export const treeOf = (view: Pick<StudioView, 'steps'>): GroupTree =>
  view.steps.load === undefined ? NO_GROUPS : groupTree(view.steps.load.graph);

/** What a new model begins with. */
export const FIRST_LOOK = {
  groupsToggled: {},
  groupAnchor: null,
  searchText: '',
  searchOpen: false,
  pathFocus: null,
} as const;

/** The node of that name in any step's graph, the latest first. */
function nodeOf(view: StudioView, name: string): NodeView | undefined {
  for (const step of STEPS.toReversed()) {
    const found = view.steps[step]?.graph.nodes.find((node) => node.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

const nextSerial = (wish: { readonly serial: number } | null): number => (wish?.serial ?? 0) + 1;

type GroupVerbs = Pick<
  GraphLookSlice,
  'toggleGroup' | 'openAllGroups' | 'restoreGroups' | 'reveal' | 'goToGroup'
>;

/** Opening and closing. */
const groupVerbs = (set: (patch: Partial<Studio>) => void, get: () => Studio): GroupVerbs => ({
  toggleGroup: (id) => {
    const { view, groupsToggled, groupAnchor } = get();
    const open = isOpen(treeOf(view), groupsToggled, id);
    set({
      groupsToggled: { ...groupsToggled, [id]: !open },
      groupAnchor: { id, serial: nextSerial(groupAnchor) },
    });
  },
  openAllGroups: (open) => set({ groupsToggled: withAll(treeOf(get().view), open) }),
  restoreGroups: (groupsToggled) => set({ groupsToggled }),
  reveal: (name) => {
    const { view, groupsToggled } = get();
    const tree = treeOf(view);
    const closed = groupsAround(tree, nodeOf(view, name)?.path ?? []).filter(
      ({ id }) => !isOpen(tree, groupsToggled, id),
    );
    if (closed.length === 0) return;
    set({ groupsToggled: { ...groupsToggled, ...Object.fromEntries(closed.map(({ id }) => [id, true])) } });
  },
  goToGroup: (id) => {
    const { view, groupsToggled, centred } = get();
    const { groups } = treeOf(view);
    const opened: Record<string, boolean> = {};
    for (let parent = groups.get(id)?.parent; parent; parent = groups.get(parent)?.parent)
      opened[parent] = true;
    set({
      groupsToggled: { ...groupsToggled, ...opened },
      centred: { node: id, serial: nextSerial(centred) },
    });
  },
});

export const createGraphLook: Slice<GraphLookSlice> = (set, get) => ({
  ...FIRST_LOOK,
  minimap: true,
  columns: true,
  fitSerial: 0,
  zoomWish: null,

  ...groupVerbs(set, get),
  openSearch: (searchOpen) => set({ searchOpen, ...(searchOpen ? {} : { searchText: '' }) }),
  searchFor: (searchText) => set({ searchText }),
  showMinimap: (minimap) => set({ minimap }),
  setColumns: (columns) => set({ columns }),
  focusPath: (node, to) => set({ pathFocus: { node, to, hides: get().pathFocus?.hides ?? false } }),
  hideOffPath: (hides) => {
    const { pathFocus } = get();
    if (pathFocus !== null) set({ pathFocus: { ...pathFocus, hides } });
  },
  endPathFocus: () => set({ pathFocus: null }),
  fitGraph: () => set({ fitSerial: get().fitSerial + 1 }),
  zoomGraph: (factor) => set({ zoomWish: { factor, serial: nextSerial(get().zoomWish) } }),
});

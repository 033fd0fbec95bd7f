import { treeOf } from '../store/groups/graphLookSlice';
import type { PathEnd } from '../store/studio';
import type { Action } from './action';
import { anyOf, noModel, type Reason } from './reasons';

const noGroups: Reason = ({ view }) =>
  treeOf(view).groups.size === 0 ? 'The nodes of this model stand in no modules' : null;
const noNode: Reason = ({ selected }) => (selected === null ? 'Select a node first' : null);

const PATHS: readonly { readonly to: PathEnd; readonly title: string }[] = [
  { to: 'inputs', title: 'Follow the path to the inputs' },
  { to: 'outputs', title: 'Follow the path to the outputs' },
  { to: 'both', title: 'Follow the path to inputs and outputs' },
];

/** How a large graph is looked at. */
export const GRAPH_LOOK_ACTIONS: readonly Action[] = [
  {
    id: 'search graph',
    title: 'Search the graph',
    group: 'graph',
    keywords: ['find', 'node', 'type', 'shape', 'jump'],
    keys: ['/'],
    unavailable: noModel,
    run: ({ openSearch }) => openSearch(true),
  },
  {
    id: 'fit graph',
    title: 'Show the whole graph',
    group: 'graph',
    keywords: ['fit', 'overview', 'zoom'],
    keys: ['f'],
    unavailable: noModel,
    run: ({ fitGraph }) => fitGraph(),
  },
  {
    id: 'zoom in',
    title: 'Zoom in',
    group: 'graph',
    keys: ['+'],
    unavailable: noModel,
    run: ({ zoomGraph }) => zoomGraph(1.25),
  },
  {
    id: 'zoom out',
    title: 'Zoom out',
    group: 'graph',
    keys: ['-'],
    unavailable: noModel,
    run: ({ zoomGraph }) => zoomGraph(0.8),
  },
  {
    id: 'open groups',
    title: 'Open all groups',
    group: 'graph',
    keywords: ['expand', 'modules', 'blocks'],
    unavailable: anyOf(noModel, noGroups),
    run: ({ openAllGroups }) => openAllGroups(true),
  },
  {
    id: 'close groups',
    title: 'Close all groups',
    group: 'graph',
    keywords: ['collapse', 'modules', 'blocks'],
    unavailable: anyOf(noModel, noGroups),
    run: ({ openAllGroups }) => openAllGroups(false),
  },
  {
    id: 'minimap',
    title: 'Minimap, on or off',
    group: 'graph',
    keys: ['m'],
    unavailable: noModel,
    run: ({ minimap, showMinimap }) => showMinimap(!minimap),
  },
  {
    id: 'columns',
    title: 'Long graphs in columns, or in one',
    group: 'graph',
    keywords: ['wrap', 'layout'],
    unavailable: noModel,
    run: ({ columns, setColumns }) => setColumns(!columns),
  },
  ...PATHS.map(
    ({ to, title }): Action => ({
      id: `path ${to}`,
      title,
      group: 'graph',
      keywords: ['focus', 'path', 'upstream', 'downstream', 'highlight'],
      unavailable: anyOf(noModel, noNode),
      run: ({ selected, focusPath }) => {
        if (selected !== null) focusPath(selected, to);
      },
    }),
  ),
];

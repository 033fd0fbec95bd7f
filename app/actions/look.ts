import { setColorScheme } from '../colorScheme';
import { TAB_TITLES } from '../panels/tabTitles';
import { hasTwo } from '../store/compare/sides';
import { nothingToPaint } from '../store/gains';
import { TABS } from '../store/studio';
import type { Action } from './action';
import { anyOf, noModel, notRun } from './reasons';
import { focusRegion } from './regions';

const TAB_ACTIONS: readonly Action[] = TABS.map((tab) => ({
  id: `tab ${tab}`,
  title: `Show ${TAB_TITLES[tab]}`,
  group: 'look',
  keywords: ['tab', 'lower panel'],
  unavailable: noModel,
  run: ({ setTab }) => setTab(tab),
}));

const GRAPH_ACTIONS: readonly Action[] = [
  {
    id: 'before after',
    title: 'Before/after, side by side or single',
    group: 'graph',
    keywords: ['compare', 'view'],
    unavailable: anyOf(noModel, (studio) => (hasTwo(studio) ? null : 'Nothing has run before this step')),
    run: ({ mode, setMode }) => setMode(mode === 'single' ? 'compare' : 'single'),
  },
  {
    id: 'form',
    title: 'Reference or lowered form',
    group: 'graph',
    keywords: ['convert_fx', 'quantized'],
    unavailable: anyOf(noModel, notRun('convert'), ({ view }) =>
      view.steps.convert?.forms?.lowered === null ? 'PyTorch cannot lower this model' : null,
    ),
    run: ({ form, setForm }) => setForm(form === 'reference' ? 'lowered' : 'reference'),
  },
  {
    id: 'paint',
    title: 'Paint by SQNR gain, on or off',
    group: 'graph',
    keywords: ['colour', 'color'],
    unavailable: anyOf(noModel, ({ view }) => nothingToPaint(view)),
    run: ({ painted, paint }) => paint(!painted),
  },
  {
    id: 'outline',
    title: 'Outline: the graph as a tree, on or off',
    group: 'graph',
    keywords: ['tree', 'modules', 'nodes', 'screen reader'],
    keys: ['o'],
    unavailable: noModel,
    run: ({ outlineOpen, openOutline }) => openOutline(!outlineOpen),
  },
];

const PANEL_ACTIONS: readonly Action[] = [
  {
    id: 'lower panel',
    title: 'Fold or unfold the lower panel',
    group: 'look',
    unavailable: noModel,
    run: ({ lowerOpen, openLower }) => openLower(!lowerOpen),
  },
  {
    id: 'inspector',
    title: 'Open or close the inspector of a narrow window',
    group: 'look',
    unavailable: noModel,
    run: ({ inspectorOpen, openInspector }) => openInspector(!inspectorOpen),
  },
  {
    id: 'next region',
    title: 'Go to the next part of the page',
    group: 'look',
    keywords: ['focus', 'header', 'graph', 'inspector', 'steps', 'landmark'],
    keys: ['F6'],
    run: () => focusRegion(1),
  },
  {
    id: 'previous region',
    title: 'Go to the previous part of the page',
    group: 'look',
    keywords: ['focus', 'landmark'],
    keys: ['shift+F6'],
    run: () => focusRegion(-1),
  },
];

const THEME_ACTIONS: readonly Action[] = (['auto', 'light', 'dark'] as const).map((scheme) => ({
  id: `theme ${scheme}`,
  title: `Theme: ${scheme === 'auto' ? 'as the system' : scheme}`,
  group: 'look',
  keywords: ['colour scheme', 'color', 'dark mode'],
  run: () => setColorScheme(scheme),
}));

/** What the page shows of the work, and where the keyboard is. */
export const LOOK_ACTIONS: readonly Action[] = [
  ...GRAPH_ACTIONS,
  ...TAB_ACTIONS,
  ...PANEL_ACTIONS,
  ...THEME_ACTIONS,
];

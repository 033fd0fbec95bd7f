import { ActionIcon, Tabs } from '@mantine/core';
import { PlotsPanel } from '../plots/tab/PlotsPanel';
import { useStudio } from '../store/context';
import { Part } from '../store/parts/Part';
import { TABS, type Tab } from '../store/studio';
import { FxText } from './FxText';
import { LogList } from './LogList';
import { LowerSplitter } from './LowerSplitter';
import { LayersTable } from './layersTable/LayersTable';
import { MethodsPanel } from './methods/MethodsPanel';
import { ResultsTable } from './ResultsTable';
import { RuntimePanel } from './RuntimePanel';
import { StatusLine } from './StatusLine';
import { TAB_TITLES } from './tabTitles';

const PANELS: { readonly [T in Tab]: () => React.JSX.Element } = {
  layers: LayersTable,
  text: FxText,
  results: ResultsTable,
  methods: MethodsPanel,
  plots: PlotsPanel,
  runtime: RuntimePanel,
  log: LogList,
};

/** Gives the graph the lower panel's room, and takes it back. */
function FoldButton() {
  const isOpen = useStudio((studio) => studio.lowerOpen);
  const open = useStudio((studio) => studio.openLower);
  return (
    <ActionIcon
      className="lower-fold"
      variant="subtle"
      color="gray"
      size={26}
      aria-label={isOpen ? 'Fold the lower panel' : 'Unfold the lower panel'}
      aria-expanded={isOpen}
      onClick={() => open(!isOpen)}
    >
      <span aria-hidden>{isOpen ? '▾' : '▴'}</span>
    </ActionIcon>
  );
}

function Tabbed() {
  const tab = useStudio((studio) => studio.tab);
  const setTab = useStudio((studio) => studio.setTab);
  const isOpen = useStudio((studio) => studio.lowerOpen);
  const Panel = PANELS[tab];
  return (
    <section
      id="lower"
      tabIndex={-1}
      className={`lower${isOpen ? '' : ' folded'}`}
      aria-label="Layers, text, results, methods, plots and log"
    >
      <h2 className="visually-hidden">All layers</h2>
      {isOpen && <LowerSplitter />}
      <Tabs
        className="lower-tabs"
        value={tab}
        onChange={(chosen) => {
          const next = TABS.find((name) => name === chosen);
          if (next !== undefined) setTab(next);
        }}
      >
        <div className="lower-head">
          <Tabs.List className="tabs">
            {TABS.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {TAB_TITLES[name]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <StatusLine />
          <FoldButton />
        </div>
        <Tabs.Panel value={tab} className="lower-body" tabIndex={0}>
          <Panel />
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

/** Under the graph: everything about all nodes at once, and the status line. */
export function BottomPanel() {
  return (
    <Part id="lower">
      <Tabbed />
    </Part>
  );
}

import { Button } from '@mantine/core';
import { Segmented } from '../panels/Segmented';
import { hasTwo, showsTwo } from '../store/compare/sides';
import { useStudio } from '../store/context';
import type { ViewMode } from '../store/studio';
import type { Choice } from '../store/vocabulary';
import { useWindowSize } from '../useWindowSize';
import { FormChoice } from './FormChoice';
import { GroupButtons } from './GroupButtons';
import { OutlineToggle } from './OutlineToggle';
import { PaintToggle } from './PaintToggle';
import type { Match } from './search/matches';
import { SearchField } from './search/SearchField';
import { ToolButtons } from './ToolButtons';

const MODES: readonly Choice<ViewMode>[] = [
  { value: 'single', label: 'Single', title: 'The graph of the shown step', available: true },
  {
    value: 'compare',
    label: 'Before/after',
    title: 'The graphs before and after the shown step, side by side',
    available: true,
  },
];

/** Opens the drawer that the inspector is in a narrow window. */
function InspectorButton() {
  const isOpen = useStudio((studio) => studio.inspectorOpen);
  const open = useStudio((studio) => studio.openInspector);
  return (
    <Button
      className="inspector-button"
      size="compact-sm"
      h={28}
      variant="default"
      aria-expanded={isOpen}
      onClick={() => open(!isOpen)}
    >
      Inspector
    </Button>
  );
}

/** Graphs of fewer nodes need neither a map nor columns. */
const LARGE = 24;

/** Zoom, the minimap, and whether long graphs go on in further columns. */
function ViewButtons() {
  const zoom = useStudio((studio) => studio.zoomGraph);
  const fit = useStudio((studio) => studio.fitGraph);
  const minimap = useStudio((studio) => studio.minimap);
  const showMinimap = useStudio((studio) => studio.showMinimap);
  const columns = useStudio((studio) => studio.columns);
  const setColumns = useStudio((studio) => studio.setColumns);
  const isLarge = useStudio((studio) => (studio.view.steps.load?.graph.nodes.length ?? 0) >= LARGE);
  return (
    <>
      <ToolButtons
        buttons={[
          { label: 'Zoom in', sign: '+', act: () => zoom(1.25) },
          { label: 'Zoom out', sign: '−', act: () => zoom(0.8) },
          { label: 'Show the whole graph', sign: '⤢', act: fit },
        ]}
      />
      {isLarge && (
        <ToolButtons
          buttons={[
            { label: 'Minimap', sign: '◳', pressed: minimap, act: () => showMinimap(!minimap) },
            { label: 'Long graphs in columns', sign: '▥', pressed: columns, act: () => setColumns(!columns) },
          ]}
        />
      )}
    </>
  );
}

interface GraphToolbarProps {
  readonly matches: readonly Match[];
  readonly goTo: (match: Match) => void;
}

/** The search's field while it is open, else the button that opens it. */
function Search({ matches, goTo }: GraphToolbarProps) {
  const isOpen = useStudio((studio) => studio.searchOpen);
  const open = useStudio((studio) => studio.openSearch);
  if (isOpen) return <SearchField matches={matches} goTo={goTo} />;
  return <ToolButtons buttons={[{ label: 'Search', sign: '⌕', act: () => open(true) }]} />;
}

/** The strip over the graph: how it is shown, its zoom, its groups, its search. */
export function GraphToolbar(props: GraphToolbarProps) {
  const { isNarrow } = useWindowSize();
  const isBeside = useStudio(showsTwo);
  const setMode = useStudio((studio) => studio.setMode);
  const isAlone = useStudio((studio) => !hasTwo(studio));
  return (
    <div className="graph-toolbar">
      <Segmented
        label="View"
        isByGraph
        choices={MODES}
        value={isBeside ? 'compare' : 'single'}
        onChange={setMode}
        disabledReason={isAlone ? 'Nothing has run before this step to compare it with' : null}
      />
      <FormChoice />
      <PaintToggle />
      <ViewButtons />
      <GroupButtons />
      <OutlineToggle />
      <Search {...props} />
      {isNarrow && <InspectorButton />}
    </div>
  );
}

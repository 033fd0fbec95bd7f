import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { Segmented } from '../panels/Segmented';
import { useStudio } from '../store/context';
import { stepBefore } from '../store/selectors';
import type { ViewMode } from '../store/studio';
import type { Choice } from '../store/vocabulary';
import { useWindowSize } from '../useWindowSize';
import { FormChoice } from './FormChoice';
import { OutlineToggle } from './OutlineToggle';
import { PaintToggle } from './PaintToggle';

const MODES: readonly Choice<ViewMode>[] = [
  { value: 'single', label: 'Single', title: 'The graph of the shown step', available: true },
  {
    value: 'compare',
    label: 'Before/after',
    title: 'The graphs before and after the shown step, side by side',
    available: true,
  },
];

interface GraphToolbarProps {
  readonly onZoom: (factor: number) => void;
  readonly onAll: () => void;
}

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

/** The strip over the graph: how it is shown, and its zoom. */
export function GraphToolbar({ onZoom, onAll }: GraphToolbarProps) {
  const { isNarrow } = useWindowSize();
  const mode = useStudio((studio) => studio.mode);
  const setMode = useStudio((studio) => studio.setMode);
  const first = useStudio((studio) => stepBefore(studio.view, studio.shown) === null);
  const buttons = [
    { label: 'Zoom in', sign: '+', act: () => onZoom(1.25) },
    { label: 'Zoom out', sign: '−', act: () => onZoom(0.8) },
    { label: 'Show the whole graph', sign: '⤢', act: onAll },
  ];
  return (
    <div className="graph-toolbar">
      <Segmented
        label="View"
        choices={MODES}
        value={mode}
        onChange={setMode}
        disabledReason={
          first && mode === 'single' ? 'Nothing has run before this step to compare it with' : null
        }
      />
      <FormChoice />
      <PaintToggle />
      <OutlineToggle />
      <div className="zoom">
        {buttons.map(({ label, sign, act }) => (
          <Tooltip key={label} label={label} openDelay={400}>
            <ActionIcon variant="subtle" color="gray" size={26} aria-label={label} onClick={act}>
              {sign}
            </ActionIcon>
          </Tooltip>
        ))}
      </div>
      {isNarrow && <InspectorButton />}
    </div>
  );
}

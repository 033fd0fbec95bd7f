import { ActionIcon, Tooltip } from '@mantine/core';
import { Segmented } from '../panels/Segmented';
import { useStudio } from '../store/context';
import { stepBefore } from '../store/selectors';
import type { ViewMode } from '../store/studio';
import type { Choice } from '../store/vocabulary';

const MODES: readonly Choice<ViewMode>[] = [
  { value: 'single', label: 'Single', title: 'The graph of the shown step', available: true },
  {
    value: 'compare',
    label: 'Before/after',
    title: 'The graphs before and after the shown step, side by side',
    available: true,
  },
];

interface ViewControlsProps {
  readonly onZoom: (factor: number) => void;
  readonly onAll: () => void;
}

/** Floating over the graph: how it is shown, and its zoom. */
export function ViewControls({ onZoom, onAll }: ViewControlsProps) {
  const mode = useStudio((studio) => studio.mode);
  const setMode = useStudio((studio) => studio.setMode);
  const first = useStudio((studio) => stepBefore(studio.view, studio.shown) === null);
  const buttons = [
    { label: 'Zoom in', sign: '+', act: () => onZoom(1.25) },
    { label: 'Zoom out', sign: '−', act: () => onZoom(0.8) },
    { label: 'Show the whole graph', sign: '⤢', act: onAll },
  ];
  return (
    <div className="view-controls">
      <Segmented
        label="View"
        choices={MODES}
        value={mode}
        onChange={setMode}
        disabledReason={
          first && mode === 'single' ? 'Nothing has run before this step to compare it with' : null
        }
      />
      <div className="zoom">
        {buttons.map(({ label, sign, act }) => (
          <Tooltip key={label} label={label} openDelay={400}>
            <ActionIcon variant="subtle" color="gray" size={26} aria-label={label} onClick={act}>
              {sign}
            </ActionIcon>
          </Tooltip>
        ))}
      </div>
    </div>
  );
}

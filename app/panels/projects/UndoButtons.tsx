import { ActionIcon, Tooltip } from '@mantine/core';
import { useStudio } from '../../store/context';

interface StepBackProps {
  readonly name: 'Undo' | 'Redo';
  /** What it would take back or bring back; null when there is nothing. */
  readonly what: string | null;
  readonly keys: string;
  readonly onClick: () => void;
}

function StepBack({ name, what, keys, onClick }: StepBackProps) {
  const busy = useStudio((studio) => studio.job !== null);
  const label = what === null ? `Nothing to ${name.toLowerCase()}` : `${name} ${what} (${keys})`;
  const isOff = busy || what === null;
  return (
    <Tooltip label={label} openDelay={300}>
      <ActionIcon
        size={28}
        variant="subtle"
        color="gray"
        aria-label={name}
        aria-disabled={isOff}
        onClick={() => !isOff && onClick()}
      >
        <svg
          width="16"
          height="16"
          viewBox="0 0 16 16"
          aria-hidden
          className={name === 'Redo' ? 'mirrored' : ''}
        >
          <path
            d="M6 3 L3 6 L6 9 M3 6 H10 A3.5 3.5 0 0 1 10 13 H7"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </svg>
      </ActionIcon>
    </Tooltip>
  );
}

/** Takes back and brings back; the tooltip says what. */
export function UndoButtons() {
  const undo = useStudio((studio) => studio.undo);
  const bringBack = useStudio((studio) => studio.bringBack);
  const last = useStudio(({ history, historyAt }) =>
    historyAt > 0 ? (history[historyAt]?.label ?? null) : null,
  );
  const next = useStudio(({ history, historyAt }) => history[historyAt + 1]?.label ?? null);
  const hasModel = useStudio((studio) => studio.view.model !== null);
  if (!hasModel) return null;
  return (
    <span className="undo-buttons">
      <StepBack name="Undo" what={last} keys="Ctrl+Z" onClick={() => void undo()} />
      <StepBack name="Redo" what={next} keys="Ctrl+Shift+Z" onClick={() => void bringBack()} />
    </span>
  );
}

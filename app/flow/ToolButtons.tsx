import { ActionIcon, Tooltip } from '@mantine/core';
import { OVER_GRAPH } from '../panels/overGraph';

interface ToolButton {
  readonly label: string;
  readonly sign: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly act: () => void;
}

/** Small buttons of one sign each, in one frame; what they do is their name. */
export function ToolButtons(props: { readonly buttons: readonly ToolButton[]; readonly className?: string }) {
  const { buttons, className = 'zoom' } = props;
  return (
    <div className={className}>
      {buttons.map(({ label, sign, pressed, disabled = false, act }) => (
        <Tooltip key={label} label={label} openDelay={400} {...OVER_GRAPH}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={26}
            aria-label={label}
            aria-pressed={pressed}
            disabled={disabled}
            onClick={act}
          >
            <span aria-hidden>{sign}</span>
          </ActionIcon>
        </Tooltip>
      ))}
    </div>
  );
}

import { Button } from '@mantine/core';
import type { ReactNode, Ref } from 'react';

interface ToolToggleProps {
  /** Its accessible name, where what stands on it is shorter. */
  readonly label?: string;
  readonly isOn: boolean;
  readonly onToggle: (on: boolean) => void;
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button over the graph that stays pressed while what it shows is shown. */
export function ToolToggle({ label, isOn, onToggle, children, ...rest }: ToolToggleProps) {
  return (
    <Button
      // What a tooltip around it adds.
      {...rest}
      className="toggle"
      size="compact-sm"
      h={28}
      variant="default"
      {...(label === undefined ? {} : { 'aria-label': label })}
      aria-pressed={isOn}
      onClick={() => onToggle(!isOn)}
    >
      {children}
    </Button>
  );
}

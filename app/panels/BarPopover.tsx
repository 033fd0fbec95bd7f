import { Button, Popover } from '@mantine/core';
import { type ReactNode, useState } from 'react';

interface BarPopoverProps {
  readonly button: string;
  readonly title: string;
  readonly width?: number;
  /** Over the button unless said otherwise. */
  readonly position?: 'top-end' | 'right-start';
  /** Shown while it is open; `close` puts it away. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button of a toolbar that opens a small panel over it. */
export function BarPopover({ button, title, width, position = 'top-end', children }: BarPopoverProps) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover
      position={position}
      shadow="md"
      trapFocus
      returnFocus
      {...(width === undefined ? {} : { width })}
      opened={opened}
      onChange={setOpened}
      onDismiss={() => setOpened(false)}
    >
      <Popover.Target>
        <Button
          size="compact-xs"
          variant="default"
          aria-expanded={opened}
          onClick={() => setOpened((open) => !open)}
        >
          {button}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="bar-popover" aria-label={title}>
        <h2>{title}</h2>
        {children(() => setOpened(false))}
      </Popover.Dropdown>
    </Popover>
  );
}

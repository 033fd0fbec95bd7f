import { Button, Popover } from '@mantine/core';
import { type ReactNode, useState } from 'react';

interface BarPopoverProps {
  readonly button: string;
  /** What stands on it, where that is shorter than its name. */
  readonly shown?: ReactNode;
  readonly title: string;
  /** Something chosen inside is at work. */
  readonly isActive?: boolean;
  readonly width?: number;
  /** Over the button unless said otherwise. */
  readonly position?: 'top-end' | 'right-start';
  /** Shown while it is open; `close` puts it away. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button of a toolbar that opens a small panel over it. */
export function BarPopover(props: BarPopoverProps) {
  const { button, shown, title, isActive = false, width, position = 'top-end', children } = props;
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
          variant={isActive ? 'outline' : 'default'}
          {...(shown === undefined ? {} : { 'aria-label': button })}
          aria-expanded={opened}
          onClick={() => setOpened((open) => !open)}
        >
          {shown ?? button}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="bar-popover" aria-label={title}>
        <h2>{title}</h2>
        {children(() => setOpened(false))}
      </Popover.Dropdown>
    </Popover>
  );
}

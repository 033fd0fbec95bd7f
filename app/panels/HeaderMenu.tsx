import { Menu, Tooltip } from '@mantine/core';
import { type ReactElement, type ReactNode, useState } from 'react';

interface HeaderMenuProps {
  /** Said of the button while the menu is closed. */
  readonly hint: string;
  readonly button: ReactElement;
  readonly width: number;
  readonly position: 'bottom-start' | 'bottom-end';
  readonly className?: string;
  /** The menu's items. */
  readonly children: ReactNode;
}

/** A button of the header that opens a menu; its hint gives way to the menu. */
export function HeaderMenu({ hint, button, width, position, className = '', children }: HeaderMenuProps) {
  const [opened, setOpened] = useState(false);
  return (
    <Menu
      position={position}
      width={width}
      withInitialFocusPlaceholder={false}
      opened={opened}
      onChange={setOpened}
    >
      <Menu.Target>
        <Tooltip label={hint} openDelay={300} disabled={opened} multiline maw={340}>
          {button}
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown className={className}>{children}</Menu.Dropdown>
    </Menu>
  );
}

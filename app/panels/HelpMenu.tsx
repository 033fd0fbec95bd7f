import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { KeyCaps } from '../overlays/KeyCaps';
import { useStudio } from '../store/context';

/** Opens the command palette by the pointer. */
export function PaletteButton() {
  const show = useStudio((studio) => studio.showOverlay);
  return (
    <Tooltip label="Command palette: every action, layer and node (Ctrl+K)" openDelay={300}>
      <ActionIcon
        variant="default"
        size={28}
        aria-label="Command palette"
        aria-keyshortcuts="Control+K"
        onClick={() => show('palette')}
      >
        <span aria-hidden>⌘</span>
      </ActionIcon>
    </Tooltip>
  );
}

/** All that explains the page. */
export function HelpMenu() {
  const show = useStudio((studio) => studio.showOverlay);
  const start = useStudio((studio) => studio.goOnTour);
  const [opened, setOpened] = useState(false);
  return (
    <Menu
      position="bottom-end"
      width={240}
      withInitialFocusPlaceholder={false}
      opened={opened}
      onChange={setOpened}
    >
      <Menu.Target>
        <Tooltip label="Help" openDelay={300} disabled={opened}>
          <ActionIcon variant="default" size={28} aria-label="Help">
            <span aria-hidden>?</span>
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => start(0)}>Tour</Menu.Item>
        <Menu.Item onClick={() => show('ways')}>How to bring a model</Menu.Item>
        <Menu.Item onClick={() => show('glossary')}>Glossary</Menu.Item>
        <Menu.Item rightSection={<KeyCaps keys="?" />} onClick={() => show('keys')}>
          Keys
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

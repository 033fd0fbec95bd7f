import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { KeyCaps } from '../overlays/KeyCaps';
import { useStudio } from '../store/context';
import { HeaderMenu } from './HeaderMenu';

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
  const button = (
    <ActionIcon variant="default" size={28} aria-label="Help">
      <span aria-hidden>?</span>
    </ActionIcon>
  );
  return (
    <HeaderMenu hint="Help" button={button} width={240} position="bottom-end">
      <Menu.Item onClick={() => start(0)}>Tour</Menu.Item>
      <Menu.Item onClick={() => show('ways')}>How to bring a model</Menu.Item>
      <Menu.Item onClick={() => show('glossary')}>Glossary</Menu.Item>
      <Menu.Item rightSection={<KeyCaps keys="?" />} onClick={() => show('keys')}>
        Keys
      </Menu.Item>
      <Menu.Item component="a" href={`${import.meta.env.BASE_URL}licences.txt`} target="_blank">
        Licences
      </Menu.Item>
    </HeaderMenu>
  );
}

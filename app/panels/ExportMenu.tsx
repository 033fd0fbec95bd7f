import { Button, Menu, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { requestExport } from '../actions/exports';
import { useStudio, useStudioStore } from '../store/context';
import { STEP_WORDS } from '../store/vocabulary';
import { ExportItems } from './ExportItems';

function useReasonAgainst(): string | null {
  const hasModel = useStudio((studio) => studio.view.model !== null);
  const busy = useStudio((studio) => studio.job !== null);
  return hasModel ? (busy ? 'Wait for the job that is running' : null) : 'Open a model first';
}

/** The button for all that can be saved of the shown step. */
export function ExportMenu() {
  const step = useStudio((studio) => studio.shown);
  const reason = useReasonAgainst();
  const store = useStudioStore();
  const [opened, setOpened] = useState(false);
  const label = reason ?? `Save what ${STEP_WORDS[step].title} made`;
  return (
    <Menu
      position="bottom-end"
      width={352}
      withInitialFocusPlaceholder={false}
      opened={opened}
      onChange={setOpened}
    >
      <Menu.Target>
        <Tooltip label={label} openDelay={300} disabled={opened}>
          <Button
            size="compact-sm"
            h={28}
            px={13}
            disabled={reason !== null}
            rightSection={<span aria-hidden>▾</span>}
          >
            Export
          </Button>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown className="export-menu">
        <ExportItems onChoose={(kind) => requestExport(store.getState(), kind)} />
      </Menu.Dropdown>
    </Menu>
  );
}

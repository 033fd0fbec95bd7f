import { Button, Menu, Tooltip } from '@mantine/core';
import { useState } from 'react';
import type { ExportedFile } from '../../src/index';
import { useStudio } from '../store/context';
import { EXPORT_KINDS, EXPORT_LABELS, STEP_WORDS } from '../store/vocabulary';

/** Hands a file to the browser's downloads. */
function download(file: ExportedFile) {
  const url = URL.createObjectURL(new Blob([new Uint8Array(file.bytes)], { type: file.mime }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  // The download reads the address after this turn of the event loop.
  setTimeout(() => URL.revokeObjectURL(url), 30_000);
}

/** Every file that the shown step can be saved as. */
export function ExportMenu() {
  const step = useStudio((studio) => studio.shown);
  const hasModel = useStudio((studio) => studio.view.model !== null);
  const busy = useStudio((studio) => studio.job !== null);
  const exportFile = useStudio((studio) => studio.exportFile);
  const reason = hasModel ? (busy ? 'Wait for the job that is running' : null) : 'Open a model first';
  const [opened, setOpened] = useState(false);
  return (
    <Menu position="bottom-end" width={230} withinPortal opened={opened} onChange={setOpened}>
      <Menu.Target>
        <Tooltip
          label={reason ?? `Save what ${STEP_WORDS[step].title} made`}
          openDelay={300}
          disabled={opened}
        >
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
      <Menu.Dropdown>
        <Menu.Label>{STEP_WORDS[step].title}</Menu.Label>
        {EXPORT_KINDS.map((kind) => (
          <Menu.Item
            key={kind}
            onClick={async () => {
              const file = await exportFile(kind);
              if (file !== null) download(file);
            }}
          >
            {EXPORT_LABELS[kind]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

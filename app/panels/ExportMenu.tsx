import { Button, Menu, Tooltip } from '@mantine/core';
import { useRef, useState } from 'react';
import type { ExportKind } from '../../src/index';
import { useStudio } from '../store/context';
import { brokenExport } from '../store/selectors';
import { FLOAT_EXPORTS, STEP_WORDS } from '../store/vocabulary';
import { download } from './download';
import { ExportConfirm } from './ExportConfirm';
import { ExportItems } from './ExportItems';
import { tidy } from './format';

/** Saves a file; of a model that computes something else only after it was asked for twice, once a model. */
function useExport() {
  const exportFile = useStudio((studio) => studio.exportFile);
  const warning = useStudio(brokenExport);
  const [asked, setAsked] = useState<ExportKind | null>(null);
  const accepted = useRef<string | null>(null);
  const save = async (kind: ExportKind) => {
    const file = await exportFile(kind);
    if (file !== null) download(file);
  };
  const choose = (kind: ExportKind) => {
    const isModel = kind === 'quantized' || FLOAT_EXPORTS.some((float) => float === kind);
    if (isModel && warning !== null && accepted.current !== warning) setAsked(kind);
    else void save(kind);
  };
  const confirm = () => {
    accepted.current = warning;
    setAsked(null);
    if (asked !== null) void save(asked);
  };
  const question = asked === null ? null : warning;
  return { choose, confirm, cancel: () => setAsked(null), question };
}

function useReasonAgainst(): string | null {
  const hasModel = useStudio((studio) => studio.view.model !== null);
  const busy = useStudio((studio) => studio.job !== null);
  return hasModel ? (busy ? 'Wait for the job that is running' : null) : 'Open a model first';
}

/** The button for all that can be saved of the shown step. */
export function ExportMenu() {
  const step = useStudio((studio) => studio.shown);
  const reason = useReasonAgainst();
  const { choose, confirm, cancel, question } = useExport();
  const [opened, setOpened] = useState(false);
  const label = reason ?? `Save what ${STEP_WORDS[step].title} made`;
  return (
    <>
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
          <ExportItems onChoose={choose} />
        </Menu.Dropdown>
      </Menu>
      {question !== null && <ExportConfirm warning={tidy(question)} onConfirm={confirm} onCancel={cancel} />}
    </>
  );
}

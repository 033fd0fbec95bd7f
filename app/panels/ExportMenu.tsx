import { Button } from '@mantine/core';
import { requestExport } from '../actions/exports';
import { useStudio, useStudioStore } from '../store/context';
import { STEP_WORDS } from '../store/vocabulary';
import { ExportItems } from './ExportItems';
import { HeaderMenu } from './HeaderMenu';

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
  const button = (
    <Button
      size="compact-sm"
      h={28}
      px={13}
      disabled={reason !== null}
      rightSection={<span aria-hidden>▾</span>}
    >
      Export
    </Button>
  );
  return (
    <HeaderMenu
      hint={reason ?? `Save what ${STEP_WORDS[step].title} made`}
      button={button}
      width={352}
      position="bottom-end"
      className="export-menu"
    >
      <ExportItems onChoose={(kind) => requestExport(store.getState(), kind)} />
    </HeaderMenu>
  );
}

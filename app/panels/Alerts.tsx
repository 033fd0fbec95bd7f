import { Alert, Button } from '@mantine/core';
import { useState } from 'react';
import { useStudio } from '../store/context';
import type { AlertEntry } from '../store/studio';
import { AlertText } from './AlertText';

/** Leads through several errors, of which one is shown. */
function Pager(props: { readonly at: number; readonly count: number; readonly onGo: (at: number) => void }) {
  const { at, count, onGo } = props;
  const dismiss = useStudio((studio) => studio.dismiss);
  const alerts = useStudio((studio) => studio.alerts);
  return (
    <div className="alert-pager">
      <Button size="compact-xs" variant="default" disabled={at === 0} onClick={() => onGo(at - 1)}>
        Earlier
      </Button>
      <span>
        {at + 1} of {count}
      </span>
      <Button size="compact-xs" variant="default" disabled={at === count - 1} onClick={() => onGo(at + 1)}>
        Later
      </Button>
      <span className="grow" />
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          for (const { serial } of alerts) dismiss(serial);
        }}
      >
        Dismiss all
      </Button>
    </div>
  );
}

/** Which error is shown: the newest, until the user turns to an earlier one; a new one comes to the front. */
function useShown(alerts: readonly AlertEntry[]) {
  const newest = alerts.at(-1)?.serial;
  const [turned, setTurned] = useState<{ readonly to: number; readonly newest: number | undefined } | null>(
    null,
  );
  const chosen = turned?.newest === newest ? alerts.findIndex(({ serial }) => serial === turned?.to) : -1;
  const at = chosen < 0 ? alerts.length - 1 : chosen;
  const go = (index: number) => {
    const to = alerts[index]?.serial;
    if (to !== undefined) setTurned({ to, newest });
  };
  return { at, alert: alerts[at], go };
}

/** Errors over the foot of the graph, one at a time: they move nothing and stay until dismissed or put right. */
export function Alerts() {
  const alerts = useStudio((studio) => studio.alerts);
  const dismiss = useStudio((studio) => studio.dismiss);
  const { at, alert, go } = useShown(alerts);
  return (
    <div className="alerts">
      {alert !== undefined && (
        <Alert
          key={alert.serial}
          color="red"
          variant="default"
          title={alert.title}
          withCloseButton
          closeButtonLabel="Dismiss"
          onClose={() => dismiss(alert.serial)}
          classNames={{ root: 'alert', title: 'alert-title', message: 'alert-text' }}
        >
          <AlertText text={alert.text} />
          {alerts.length > 1 && <Pager at={at} count={alerts.length} onGo={go} />}
        </Alert>
      )}
    </div>
  );
}

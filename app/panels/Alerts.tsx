import { Alert } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useStudio } from '../store/context';
import { tidy } from './format';

/** Errors, newest last, over the foot of the graph: they move nothing and stay until dismissed or put right. */
export function Alerts() {
  const alerts = useStudio((studio) => studio.alerts);
  const dismiss = useStudio((studio) => studio.dismiss);
  const list = useRef<HTMLDivElement>(null);
  const newest = alerts.at(-1)?.serial;
  // A long one before it may fill the list, which scrolls.
  useEffect(() => {
    const last = list.current?.querySelector<HTMLElement>(`[data-serial="${newest}"]`);
    if (list.current && last) list.current.scrollTop = last.offsetTop - list.current.offsetTop;
  }, [newest]);
  return (
    <div ref={list} className="alerts">
      {alerts.map((alert) => (
        <Alert
          key={alert.serial}
          data-serial={alert.serial}
          color="red"
          variant="default"
          title={alert.title}
          withCloseButton
          closeButtonLabel="Dismiss"
          onClose={() => dismiss(alert.serial)}
          classNames={{ root: 'alert', title: 'alert-title', message: 'alert-text' }}
        >
          {tidy(alert.text)}
        </Alert>
      ))}
    </div>
  );
}

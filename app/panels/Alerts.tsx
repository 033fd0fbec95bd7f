import { Alert } from '@mantine/core';
import { useStudio } from '../store/context';
import { tidy } from './format';

/** Errors, newest last, over the foot of the graph: they move nothing and stay until dismissed or put right. */
export function Alerts() {
  const alerts = useStudio((studio) => studio.alerts);
  const dismiss = useStudio((studio) => studio.dismiss);
  return (
    <div className="alerts">
      {alerts.map((alert) => (
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
          {tidy(alert.text)}
        </Alert>
      ))}
    </div>
  );
}

import { Alert } from '@mantine/core';
import { useStudio } from '../store/context';

/** Errors, newest on top, over the page: they move nothing and stay until they are dismissed. */
export function Alerts() {
  const alerts = useStudio((studio) => studio.alerts);
  const dismiss = useStudio((studio) => studio.dismiss);
  return (
    <div className="alerts">
      {alerts.toReversed().map((alert) => (
        <Alert
          key={alert.serial}
          color="red"
          variant="default"
          withCloseButton
          closeButtonLabel="Dismiss"
          onClose={() => dismiss(alert.serial)}
          classNames={{ root: 'alert', message: 'alert-text' }}
        >
          {alert.text}
        </Alert>
      ))}
    </div>
  );
}

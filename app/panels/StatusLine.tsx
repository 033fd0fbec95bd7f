import { Button, Progress } from '@mantine/core';
import { useStudio } from '../store/context';

/** The job under way with its Cancel button, or the last result. One line that is always there. */
export function StatusLine() {
  const job = useStudio((studio) => studio.job);
  const status = useStudio((studio) => studio.status);
  const cancel = useStudio((studio) => studio.cancel);
  const share = job !== null && job.total > 0 ? Math.min(100, (100 * job.done) / job.total) : null;
  return (
    <div className="status">
      {job !== null && (
        <>
          <span className="status-phase" title={job.phase}>
            {job.phase}
            {job.total > 1 ? ` ${job.done} / ${job.total}` : ''}
          </span>
          <Progress.Root size={6} className="status-progress">
            <Progress.Section
              value={share ?? 100}
              animated={share === null}
              striped={share === null}
              withAria={share !== null}
              {...(share === null ? { role: 'progressbar' } : {})}
              aria-label={job.phase}
            />
          </Progress.Root>
          <Button size="compact-xs" variant="default" onClick={() => void cancel()}>
            Cancel
          </Button>
        </>
      )}
      <span role="status" className={job === null ? 'status-text' : 'visually-hidden'} title={status}>
        {status}
      </span>
    </div>
  );
}

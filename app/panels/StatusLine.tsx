import { Button, Progress } from '@mantine/core';
import { useStudio } from '../store/context';
import { jobLabel } from '../store/selectors';
import { tidy } from './format';

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
          <span className="status-phase" title={jobLabel(job)}>
            {jobLabel(job)}
          </span>
          <Progress.Root size={6} className="status-progress">
            <Progress.Section
              value={share ?? 100}
              animated={share === null}
              striped={share === null}
              withAria={share !== null}
              {...(share === null ? { role: 'progressbar' } : {})}
              aria-label={jobLabel(job)}
            />
          </Progress.Root>
          <Button size="compact-xs" variant="default" disabled={job.cancelling} onClick={() => void cancel()}>
            Cancel
          </Button>
        </>
      )}
      <span role="status" className={job === null ? 'status-text' : 'visually-hidden'} title={tidy(status)}>
        {tidy(status)}
      </span>
    </div>
  );
}

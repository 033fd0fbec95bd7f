import { Progress } from '@mantine/core';
import { useState } from 'react';
import { useStudio } from '../store/context';
import { jobLabel, shareDone } from '../store/selectors';
import type { JobState } from '../store/slices/run';
import { leftWords, type Watch, watchProgress } from '../store/timeLeft';
import { CancelButton } from './CancelButton';
import { tidy } from './format';

/** How long the job will take, from one message of its progress to the next. */
function useTimeLeft(job: JobState | null): string {
  const [seen, setSeen] = useState<{ job: JobState | null; watch: Watch | null }>({ job: null, watch: null });
  if (job === seen.job) return leftWords(seen.watch);
  const watch = watchProgress(seen.watch, job, performance.now());
  setSeen({ job, watch });
  return leftWords(watch);
}

/** The job under way with its Cancel button, or the last result. One line that is always there. */
export function StatusLine() {
  const job = useStudio((studio) => studio.job);
  const status = useStudio((studio) => studio.status);
  const left = useTimeLeft(job);
  const said = job?.cancelling ? jobLabel(job) : tidy(status);
  const share = job === null ? null : shareDone(job);
  return (
    <div className="status">
      {job !== null && (
        <>
          <span className="status-phase" title={jobLabel(job)}>
            {jobLabel(job)}
          </span>
          {left !== '' && !job.cancelling && <span className="status-left">{left}</span>}
          <Progress.Root size={6} className="status-progress">
            <Progress.Section
              value={100 * (share ?? 1)}
              striped={share === null}
              withAria={share !== null}
              {...(share === null ? { role: 'progressbar' } : {})}
              aria-label={jobLabel(job)}
            />
          </Progress.Root>
          <CancelButton job={job} />
        </>
      )}
      <span role="status" className={job === null ? 'status-text' : 'visually-hidden'} title={said}>
        {said}
      </span>
    </div>
  );
}

import { Button } from '@mantine/core';
import { useStudio } from '../store/context';
import type { JobState } from '../store/slices/run';

/**
 * Ends the job. It answers the press at once and stays until the engine has stopped, never `disabled`, so that the focus
 * stays on it. Both words have their room from the start, so that nothing moves.
 */
export function CancelButton({ job: { cancelling } }: { job: JobState }) {
  const cancel = useStudio((studio) => studio.cancel);
  return (
    <Button
      size="compact-xs"
      variant="default"
      className="cancel-button"
      aria-disabled={cancelling}
      {...(cancelling ? { 'data-disabled': true } : {})}
      onClick={() => {
        if (!cancelling) void cancel();
      }}
    >
      <span className={cancelling ? 'unsaid' : ''}>Cancel</span>
      <span className={cancelling ? '' : 'unsaid'}>Cancelling…</span>
    </Button>
  );
}

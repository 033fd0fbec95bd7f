import { Button, Progress } from '@mantine/core';
import { useStudio } from '../../store/context';
import { grouped } from '../../store/counting';
import { waitOf } from '../../store/playback/position';

/** While the changes of a large model are on their way: how far they are, and how to end it. */
export function PlaybackWait() {
  const wait = useStudio(waitOf);
  const cancel = useStudio((studio) => studio.cancelPlayback);
  if (wait === null) return null;
  const { done, total } = wait;
  return (
    <div className="playback-wait">
      <span>
        Reading change {grouped(done)} of {grouped(total)}…
      </span>
      <Progress.Root size={6} className="status-progress">
        <Progress.Section value={(100 * done) / Math.max(1, total)} aria-label="Reading changes" />
      </Progress.Root>
      <Button size="compact-xs" variant="default" onClick={cancel}>
        Cancel playback
      </Button>
    </div>
  );
}

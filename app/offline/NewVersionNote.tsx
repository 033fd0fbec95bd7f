import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useStudio } from '../store/context';
import { isUntouched, newVersion, takeNewVersion } from './newVersion';

/** A newer version of the studio is there: it is taken at once where that disturbs nobody, else when told to. */
export function NewVersionNote() {
  const waiting = useStore(newVersion, (state) => state.waiting);
  const isEmpty = useStudio(({ view, job }) => view.model === null && job === null);
  const [left, setLeft] = useState<ServiceWorker | null>(null);
  const isTaken = waiting !== null && isEmpty && isUntouched();
  useEffect(() => {
    if (isTaken) takeNewVersion();
  }, [isTaken]);
  if (waiting === null || waiting === left || isTaken) return null;
  return (
    <section className="interrupted" aria-label="New version">
      <p>
        <b>A newer version of the studio is there.</b> Your project is kept; the page loads anew.
      </p>
      <Button size="compact-sm" onClick={takeNewVersion}>
        Load it
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => setLeft(waiting)}>
        Later
      </Button>
    </section>
  );
}

import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Termed } from '../glossary/Term';
import { useStudio } from '../store/context';
import { TOUR, type TourStop } from './tourStops';

function Task({ task }: { task: NonNullable<TourStop['task']> }) {
  const isDone = useStudio(task.isDone);
  return (
    <p className={isDone ? 'tour-task done' : 'tour-task'}>
      <span aria-hidden>{isDone ? '✓' : '→'}</span> {task.text}
      {isDone && <span className="visually-hidden">: done</span>}
    </p>
  );
}

function Stop({ at }: { at: number }) {
  const go = useStudio((studio) => studio.goOnTour);
  const next = useRef<HTMLButtonElement>(null);
  const stop = TOUR[at];
  // The keyboard comes along; a press on another part of the page may take it away again.
  useEffect(() => next.current?.focus({ preventScroll: true }), []);
  if (stop === undefined) return null;
  const isLast = at === TOUR.length - 1;
  return (
    <section
      className="tour"
      aria-label="Tour"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        go(null);
      }}
    >
      <div className="tour-words" aria-live="polite">
        <h2>
          <span className="dim">
            {at + 1} of {TOUR.length}
          </span>{' '}
          {stop.title}
        </h2>
        <p>
          <Termed>{stop.text}</Termed>
        </p>
        {stop.task !== null && <Task task={stop.task} />}
      </div>
      <div className="tour-buttons">
        <Button size="xs" variant="default" disabled={at === 0} onClick={() => go(at - 1)}>
          Back
        </Button>
        <Button ref={next} size="xs" onClick={() => go(isLast ? null : at + 1)}>
          {isLast ? 'End the tour' : 'Go on'}
        </Button>
        {!isLast && (
          <Button size="xs" variant="subtle" onClick={() => go(null)}>
            Skip the tour
          </Button>
        )}
      </div>
    </section>
  );
}

/** A strip under the page: it covers nothing, and the page can be used meanwhile. */
export function Tour() {
  const at = useStudio((studio) => studio.tourStop);
  return at === null ? null : <Stop at={at} />;
}

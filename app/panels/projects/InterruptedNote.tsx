import { Button } from '@mantine/core';
import { useStudio } from '../../store/context';
import { shownOrEarlier } from '../../store/selectors';
import { BESIDE_TITLES, STEP_WORDS } from '../../store/vocabulary';

/** A job that ended with the page or the engine. What it began with is there; it runs again when it is told to. */
export function InterruptedNote() {
  const interrupted = useStudio((studio) => studio.interrupted);
  const job = useStudio((studio) => studio.job);
  const kept = useStudio(({ view }) => shownOrEarlier(view, 'convert'));
  const runInterrupted = useStudio((studio) => studio.runInterrupted);
  const dismiss = useStudio((studio) => studio.dismissInterrupted);
  if (interrupted === null || job !== null) return null;
  const titles: Readonly<Record<string, string>> = {
    ...BESIDE_TITLES,
    ...Object.fromEntries(Object.entries(STEP_WORDS).map(([step, { title }]) => [step, title])),
  };
  const title = titles[interrupted.job] ?? interrupted.job;
  return (
    <section className="interrupted" aria-label="Interrupted">
      <p>
        <b>{title} was interrupted.</b> Kept: the model, its data and what is done up to{' '}
        {STEP_WORDS[kept].title}.
      </p>
      <Button size="compact-sm" onClick={() => void runInterrupted()}>
        Run {title} again
      </Button>
      <Button size="compact-sm" variant="default" onClick={dismiss}>
        Leave it
      </Button>
    </section>
  );
}

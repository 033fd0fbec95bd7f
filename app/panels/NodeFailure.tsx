import type { StepName } from '../../src/index';
import { useStudio } from '../store/context';
import { failedAt } from '../store/selectors';
import { STEP_WORDS } from '../store/vocabulary';
import { tidy } from './format';

/** The same words on the node and in the inspector. */
export const failureWords = (step: StepName): string => `${STEP_WORDS[step].title} failed here`;

/** Why a step failed at this node, with the way out; nothing where none did. The alert is for screen readers. */
export function NodeFailure({ node }: { node: string }) {
  const step = useStudio((studio) => failedAt(studio, node));
  const message = useStudio((studio) => (step === null ? undefined : studio.failures[step]?.message));
  if (step === null || message === undefined) return null;
  return (
    <section className="node-failure" aria-label={failureWords(step)}>
      <h3>
        <span aria-hidden>✕ </span>
        {failureWords(step)}
      </h3>
      <p>{tidy(message)}</p>
    </section>
  );
}

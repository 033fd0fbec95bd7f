import { STEPS } from '../store/vocabulary';
import { FilesPanel } from './FilesPanel';
import { StepRow } from './StepRow';

/** The left side: the files, and the steps from them to the quantized model. */
export function Pipeline() {
  return (
    <aside className="pipeline" aria-label="Pipeline">
      <FilesPanel />
      <ol className="steps">
        {STEPS.map((step) => (
          <StepRow key={step} step={step} />
        ))}
      </ol>
    </aside>
  );
}

import { useStudio } from '../store/context';
import { Part } from '../store/parts/Part';
import { STEPS } from '../store/vocabulary';
import { FilesPanel } from './FilesPanel';
import { StepRow } from './StepRow';

function hintWords(hasModel: boolean, hasData: boolean): string {
  if (!hasModel) return 'Open a sample or a model. Then click Convert: the steps before it run first.';
  if (!hasData)
    return 'Calibrate needs data: add calibration data, or let the studio generate samples. Then click Convert.';
  return 'Click Convert: the steps before it run first.';
}

/** Where to begin, until the first step has run. */
function Hint() {
  const hasModel = useStudio((studio) => studio.view.model !== null);
  const hasData = useStudio((studio) => studio.view.calibration !== null);
  const hasBegun = useStudio((studio) => studio.view.steps.prepare !== undefined || studio.job !== null);
  const isComing = useStudio((studio) => studio.returning !== null);
  if (hasBegun || isComing) return null;
  return <li className="pipeline-hint">{hintWords(hasModel, hasData)}</li>;
}

/** The left side: the files, and the steps from them to the quantized model. */
export function Pipeline() {
  return (
    <Part id="pipeline">
      <aside className="pipeline" id="pipeline" tabIndex={-1} aria-label="Pipeline">
        <h2 className="visually-hidden">Files and steps</h2>
        <FilesPanel />
        <ol className="steps">
          {STEPS.map((step) => (
            <StepRow key={step} step={step} />
          ))}
          <Hint />
        </ol>
      </aside>
    </Part>
  );
}

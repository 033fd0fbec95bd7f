import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { StepName } from '../../src/index';
import { useStudio } from '../store/context';
import { nextStep, stepState } from '../store/selectors';
import { STEP_WORDS } from '../store/vocabulary';
import { ChangeList } from './ChangeList';
import { formatTime } from './format';
import { KeyNumbers } from './KeyNumbers';

/** The step's button: its name while it has not run, a small arrow to run it again when it has. */
function RunButton({ step, done }: { step: StepName; done: boolean }) {
  const run = useStudio((studio) => studio.run);
  const hasModel = useStudio((studio) => studio.view.model !== null);
  const busy = useStudio((studio) => studio.job !== null);
  const isNext = useStudio((studio) => nextStep(studio.view) === step);
  const { title, hint } = STEP_WORDS[step];
  const reason = hasModel ? (busy ? 'Wait for the job that is running' : null) : 'Open a model first';
  const props = { disabled: reason !== null, onClick: () => void run(step) };
  return (
    <Tooltip label={reason ?? (done ? `Run ${title} again` : `${title}: ${hint}`)} openDelay={400}>
      {done ? (
        <ActionIcon variant="subtle" color="gray" size={20} aria-label={title} {...props}>
          ↻
        </ActionIcon>
      ) : (
        <Button size="compact-xs" variant={isNext && hasModel ? 'filled' : 'default'} {...props}>
          {title}
        </Button>
      )}
    </Tooltip>
  );
}

/** A done step's name, which shows its graph. A link, since it leads to a view and runs nothing. */
function StepLink({ step }: { step: StepName }) {
  const show = useStudio((studio) => studio.showStep);
  const current = useStudio((studio) => studio.shown === step);
  return (
    <a
      className="step-link"
      href={`#${step}`}
      aria-current={current ? 'step' : undefined}
      onClick={(event) => {
        event.preventDefault();
        show(step);
      }}
    >
      {STEP_WORDS[step].title}
    </a>
  );
}

/** A line may end after a hyphen, but not inside `3.1e-7`: the real minus sign keeps it whole. */
const unbroken = (text: string): string => text.replace(/(?<=\de)-(?=\d)/g, '−');

/** What a step came to, in a line or two. */
function StepOutcome({ step }: { step: StepName }) {
  const view = useStudio((studio) => studio.view.steps[step]);
  const failure = useStudio((studio) => studio.failures[step]);
  if (failure !== undefined) return <p className="step-failure">{failure}</p>;
  return (
    <>
      <p className="step-summary" title={view?.summary}>
        {view === undefined ? STEP_WORDS[step].hint : unbroken(view.summary)}
      </p>
      {view?.warning && (
        <p className={view.failed ? 'step-failure' : 'step-warning'} title={view.warning}>
          <span aria-hidden>⚠ </span>
          {view.warning}
        </p>
      )}
    </>
  );
}

/** One step of the pipeline: its state, result and time; under the shown one its changes. */
export function StepRow({ step }: { step: StepName }) {
  const state = useStudio((studio) => stepState(studio, step));
  const view = useStudio((studio) => studio.view.steps[step]);
  const isShown = useStudio((studio) => studio.shown === step) && view !== undefined;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isShown) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isShown]);
  return (
    <li ref={row} className={`step${isShown ? ' shown' : ''}`} data-step={step} data-state={state}>
      <div className="step-head">
        <span className={`dot ${state}`} role="img" aria-label={state} />
        {view === undefined && step !== 'load' && <RunButton step={step} done={false} />}
        {view === undefined && step === 'load' && <span className="step-name">{STEP_WORDS.load.title}</span>}
        {view !== undefined && <StepLink step={step} />}
        {view !== undefined && <span className="step-time">{formatTime(view.ms)}</span>}
        {view !== undefined && step !== 'load' && <RunButton step={step} done />}
      </div>
      <StepOutcome step={step} />
      {step === 'convert' && view !== undefined && <KeyNumbers />}
      {isShown && view.changes.length > 0 && <ChangeList changes={view.changes} />}
    </li>
  );
}

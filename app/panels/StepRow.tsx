import { Button, Tooltip } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { StepName } from '../../src/index';
import { Termed } from '../glossary/Term';
import { useStudio } from '../store/context';
import { nextStep, stepState } from '../store/selectors';
import { STEP_WORDS } from '../store/vocabulary';
import { ChangeList } from './ChangeList';
import { formatTime, tidy } from './format';
import { OVER_GRAPH } from './overGraph';

/**
 * The step's button: its name while it has not run, a small arrow to run it again when it has. One element in all
 * states, and never `disabled`, so that the focus stays on it while the step runs and afterwards.
 */
function RunButton({ step, done }: { step: StepName; done: boolean }) {
  const run = useStudio((studio) => studio.run);
  const hasModel = useStudio((studio) => studio.view.model !== null);
  const busy = useStudio((studio) => studio.job !== null);
  const isNext = useStudio((studio) => nextStep(studio.view) === step);
  const { title, hint } = STEP_WORDS[step];
  const reason = hasModel ? (busy ? 'Wait for the job that is running' : null) : 'Open a model first';
  const look = done ? 'subtle' : isNext && hasModel ? 'filled' : 'default';
  return (
    <Tooltip
      label={reason ?? (done ? `Run again: ${hint}` : `${title}: ${hint}`)}
      openDelay={400}
      {...OVER_GRAPH}
      position="right"
    >
      <Button
        size="compact-xs"
        variant={look}
        className={done ? 'run-again' : ''}
        aria-label={title}
        aria-disabled={reason !== null}
        {...(reason === null ? {} : { 'data-disabled': true })}
        onClick={() => {
          if (reason === null) void run(step);
        }}
      >
        {done ? <span aria-hidden>↻</span> : title}
      </Button>
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

/** A failure in the room of a card: its first sentence, if that leaves something out. */
function shortForm(failure: string): string {
  const [first = failure] = failure.split(/(?<=\.)\s/);
  return first !== failure && first.length <= 60 ? first : 'Failed; the message says why.';
}

/** Why the step failed; in short while its alert says the whole. */
function StepFailure({ step, failure }: { step: StepName; failure: string }) {
  const isTold = useStudio((studio) => studio.alerts.some(({ subject }) => subject === step));
  const text = tidy(failure);
  return (
    <p className="step-failure" title={text}>
      {isTold ? shortForm(text) : text}
    </p>
  );
}

/** What a step came to, in a line or two. Convert's remark stands with its figures over the graph. */
function StepOutcome({ step }: { step: StepName }) {
  const view = useStudio((studio) => studio.view.steps[step]);
  const failure = useStudio((studio) => studio.failures[step]?.message);
  if (failure !== undefined) return <StepFailure step={step} failure={failure} />;
  if (view === undefined)
    return (
      <p className="step-summary">
        <Termed>{STEP_WORDS[step].hint}</Termed>
      </p>
    );
  const warning = step === 'convert' ? null : view.warning;
  return (
    <>
      <p className={`step-summary${step === 'convert' ? ' one-line' : ''}`} title={tidy(view.summary)}>
        {tidy(view.summary)}
      </p>
      {warning !== null && (
        <p className={view.failed ? 'step-failure' : 'step-warning'} title={tidy(warning)}>
          <span aria-hidden>⚠ </span>
          {tidy(warning)}
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
        {view === undefined && step === 'load' && <span className="step-name">{STEP_WORDS.load.title}</span>}
        {view !== undefined && <StepLink step={step} />}
        {view !== undefined && <span className="step-time">{formatTime(view.ms)}</span>}
        {step !== 'load' && <RunButton step={step} done={view !== undefined} />}
      </div>
      <StepOutcome step={step} />
      {isShown && view.changes.length > 0 && <ChangeList changes={view.changes} />}
    </li>
  );
}

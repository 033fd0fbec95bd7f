import { nextStep } from '../store/selectors';
import type { Studio } from '../store/studio';
import { BESIDE_TITLES, STEP_WORDS, STEPS } from '../store/vocabulary';
import type { Action } from './action';
import { anyOf, busy, noData, noModel, notRun } from './reasons';

const RUNS: readonly Action[] = STEPS.filter((step) => step !== 'load').map((step) => ({
  id: `run ${step}`,
  title: STEP_WORDS[step].title,
  group: 'step',
  keywords: ['run', STEP_WORDS[step].hint],
  unavailable: anyOf(noModel, busy),
  run: ({ run }) => void run(step),
}));

const SHOWS: readonly Action[] = STEPS.map((step) => ({
  id: `show ${step}`,
  title: `Show the graph of ${STEP_WORDS[step].title}`,
  group: 'step',
  keywords: ['step', 'go to'],
  unavailable: anyOf(noModel, notRun(step)),
  run: ({ showStep }) => showStep(step),
}));

/** The done step that many places from the shown one; null past either end. */
function doneStep({ view, shown }: Studio, offset: 1 | -1) {
  const done = STEPS.filter((step) => view.steps[step] !== undefined);
  return done[done.indexOf(shown) + offset] ?? null;
}

const beside = (offset: 1 | -1, id: string, title: string, key: string, end: string): Action => ({
  id,
  title,
  group: 'step',
  keys: [key],
  unavailable: anyOf(noModel, (studio) => (doneStep(studio, offset) === null ? end : null)),
  run: (studio) => {
    const step = doneStep(studio, offset);
    if (step !== null) studio.showStep(step);
  },
});

const JOBS: readonly Action[] = [
  {
    id: 'run next step',
    title: 'Run the next step',
    group: 'step',
    keys: ['mod+Enter'],
    unavailable: anyOf(noModel, busy, ({ view }) => (nextStep(view) ? null : 'All steps have run')),
    run: ({ view, run }) => {
      const step = nextStep(view);
      if (step !== undefined) void run(step);
    },
  },
  {
    id: 'cancel',
    title: 'Cancel the running job',
    group: 'step',
    keywords: ['stop', 'abort'],
    unavailable: ({ job }) =>
      job === null ? 'Nothing is running' : job.cancelling ? 'It is being cancelled' : null,
    run: ({ cancel }) => void cancel(),
  },
  {
    id: 'compare methods',
    title: BESIDE_TITLES.compareMethods,
    group: 'step',
    keywords: ['smoothquant', 'cross-layer', 'auto'],
    unavailable: anyOf(noModel, noData, busy),
    run: ({ setTab, compareMethods }) => {
      setTab('methods');
      void compareMethods();
    },
  },
  {
    id: 'advise',
    title: BESIDE_TITLES.advise,
    group: 'step',
    keywords: ['advice', 'which layers gain', 'detector'],
    unavailable: anyOf(noModel, noData, busy),
    run: ({ setTab, advise }) => {
      setTab('methods');
      void advise();
    },
  },
  {
    id: 'apply advice',
    title: 'Apply advice',
    group: 'step',
    unavailable: anyOf(busy, ({ advice }) => (advice?.rows.length ? null : 'Run Advise first')),
    run: ({ applyAdvice }) => void applyAdvice(),
  },
  {
    id: 'check runtime',
    title: BESIDE_TITLES.checkRuntime,
    group: 'step',
    keywords: ['onnxruntime', 'verify'],
    unavailable: anyOf(noModel, noData, busy),
    run: ({ checkRuntime }) => void checkRuntime(),
  },
];

/** The steps: to run them, to look at them, and the jobs beside them. */
export const STEP_ACTIONS: readonly Action[] = [
  ...RUNS,
  ...JOBS,
  ...SHOWS,
  beside(1, 'next step', 'Next step', ']', 'The last step that has run is shown'),
  beside(-1, 'previous step', 'Previous step', '[', 'The first step is shown'),
];

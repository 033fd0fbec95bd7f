import { describe, expect, it } from 'vitest';
import type { StepView } from '../../src/index';
import { brokenExport, jobLabel, shareDone } from './selectors';
import { FIRST_SETTINGS } from './vocabulary';

describe('the line of a job', () => {
  const job = { goal: null, done: 10, total: 16, cancelling: false };
  it.each([
    [{ ...job, step: 'calibrate', phase: 'Calibrate' }, 'Calibrate · batch 10 of 16'],
    [{ ...job, step: 'calibrate', phase: 'Calibrate', done: 1.4, total: 2 }, 'Calibrate · batch 1 of 2'],
    [{ ...job, step: 'calibrate', phase: 'Calibrate', total: 7000 }, 'Calibrate · batch 10 of 7,000'],
    [{ ...job, step: 'convert', phase: 'Compare' }, 'Convert · compare 10 of 16'],
    [{ ...job, step: 'equalize', phase: 'Search' }, 'Equalize · search 10 of 16'],
    [{ ...job, step: 'prepare', phase: 'Prepare', total: 1 }, 'Prepare'],
    [
      { ...job, step: 'compareMethods', phase: 'Compare methods', done: 1.7, total: 6 },
      'Compare methods · method 2 of 6',
    ],
    [{ ...job, step: 'compareMethods', phase: 'Calibrate' }, 'Compare methods · calibrate 10 of 16'],
    [{ ...job, step: 'advise', phase: 'Advise', done: 3, total: 3 }, 'Advise · region 3 of 3'],
    [{ ...job, step: 'advise', phase: 'Advise', done: 0, total: 0 }, 'Advise'],
    [{ ...job, step: null, phase: 'Read files', total: 0 }, 'Read files'],
    [{ ...job, step: 'convert', phase: 'Compare', cancelling: true }, 'Cancelling Convert…'],
    [{ ...job, step: 'advise', phase: 'Advise', cancelling: true }, 'Cancelling Advise…'],
    [{ ...job, step: null, phase: 'Read files', total: 0, cancelling: true }, 'Cancelling Read files…'],
  ] as const)('%o', (state, words) => expect(jobLabel(state)).toBe(words));
});

describe('the bar of a job', () => {
  it.each([
    ['before anything is known', 0, 0, null],
    ['in a run of one batch, until a part of it is done', 0, 1, null],
    ['in the middle of a batch', 0.25, 1, 0.25],
    ['between batches', 1, 4, 0.25],
    ['before the first of several', 0, 4, 0],
    ['past the end', 5, 4, 1],
  ])('%s', (_, done, total, share) => {
    const job = { step: 'calibrate', goal: null, phase: 'Calibrate', cancelling: false } as const;
    expect(shareDone({ ...job, done, total })).toBe(share);
  });
});

describe('a float model that computes something else', () => {
  const equalize = (warning: string | null, functionChanged: boolean): StepView => ({
    step: 'equalize',
    ms: 1,
    summary: '',
    warning,
    failed: false,
    functionChanged,
    changes: [],
    graph: { nodes: [], edges: [], text: '' },
    forms: null,
  });
  const studio = (
    warning: string | null,
    shown: 'calibrate' | 'convert',
    semantics: 'exact' | 'pytorch',
    functionChanged = true,
  ) => ({
    settings: { ...FIRST_SETTINGS, semantics },
    shown,
    view: {
      state: 0,
      model: null,
      calibration: null,
      evaluation: null,
      lastData: null,
      steps: { equalize: equalize(warning, functionChanged) },
      layers: [],
      types: [],
      results: null,
      comparison: null,
      onnxRuntime: null,
    },
  });
  const CHANGED = "PyTorch changes this model's function here: relative error 4.1e+0.";

  it('is said from equalize on, in both semantics', () => {
    expect(brokenExport(studio(CHANGED, 'convert', 'pytorch'))).toBe(CHANGED);
    expect(brokenExport(studio(CHANGED, 'calibrate', 'pytorch'))).toBeNull();
    expect(brokenExport(studio(CHANGED, 'convert', 'exact'))).toBe(CHANGED);
  });
  it('is not said for other remarks', () => {
    const columns = '5 columns without a usable range keep scale 1 (linear1).';
    expect(brokenExport(studio(columns, 'convert', 'pytorch', false))).toBeNull();
    expect(brokenExport(studio(null, 'convert', 'pytorch', false))).toBeNull();
  });
});

import { expect, it } from 'vitest';
import type { Settings, StudioView } from '../../src/index';
import { standingRun, withRun } from './finishedRuns';
import { FIRST_SETTINGS } from './vocabulary';

const VIEW: StudioView = {
  state: 0,
  model: null,
  calibration: {
    source: 'data.npy',
    samples: 8,
    labels: false,
    arrays: [],
    origin: 'arrays' as const,
    notes: [],
  },
  evaluation: null,
  lastData: null,
  steps: {},
  layers: [],
  types: [],
  results: { sqnr: { plain: 20, equalized: 30 }, accuracy: null, verification: null, lowestFirst: [] },
  comparison: null,
  onnxRuntime: null,
};

/** How many runs are told apart. */
const different = (...patches: readonly Partial<Settings>[]): number =>
  patches.reduce(
    (runs, patch) => [...withRun(runs, VIEW, { ...FIRST_SETTINGS, ...patch })],
    withRun([], VIEW, FIRST_SETTINGS),
  ).length;

it('tells runs apart by method, its parameters, and what was set by hand', () => {
  const methods: Settings['byHand'] = { methods: { fc: 'smoothquant' }, scales: {} };
  expect(
    different({ method: 'auto' }, { method: 'smoothquant' }, { method: 'smoothquant', alpha: 0.7 }),
  ).toBe(4);
  expect(different({ byHand: methods }, { byHand: methods, alpha: 0.7 })).toBe(3);
  expect(different({ byHand: { methods: {}, scales: { fc: { 0: 2 } } } })).toBe(2);
});

it('does not where the difference counts for nothing', () => {
  expect(different({ alpha: 0.7 }, { absorbBias: true })).toBe(1);
  expect(different({ semantics: 'pytorch' }, { semantics: 'pytorch', method: 'auto' })).toBe(2);
});

it('knows which run stands after steps were taken back', () => {
  const other = { ...FIRST_SETTINGS, method: 'cross-layer' as const };
  const runs = withRun(withRun([], VIEW, FIRST_SETTINGS), VIEW, other);
  expect(standingRun({ runs, view: VIEW, settings: other })?.serial).toBe(2);
  expect(standingRun({ runs, view: VIEW, settings: FIRST_SETTINGS })?.serial).toBe(1);
  expect(standingRun({ runs, view: { ...VIEW, results: null }, settings: other })).toBeNull();
  const gone = { ...FIRST_SETTINGS, method: 'smoothquant' as const };
  expect(standingRun({ runs, view: VIEW, settings: gone })).toMatchObject({ serial: 0, settings: gone });
});

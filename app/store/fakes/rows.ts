import type { LayerAdvice, MethodName, MethodRow } from '../../../src/index';

/* Rows as the jobs beside the steps find them, for tests. */

/** A row of the comparison of methods. */
export const fakeMethod = (name: MethodName, sqnr: number | null): MethodRow => ({
  name,
  sqnr,
  accuracy: null,
  muls: 0,
  folds: 0,
  maxRelError: sqnr === null ? null : 0,
  layers: {},
  ms: 1,
  error: null,
});

/** Advice for a layer that gains so many dB. */
export const fakeAdvice = (layer: string, gain: number): LayerAdvice => ({
  layer,
  detector: null,
  measured: { plain: 20, best: 20 + gain, rule: 'AWQ, α = 0.5', cost: 'fold' },
  dead: [],
  outliers: [],
  advised: gain >= 0.1,
});

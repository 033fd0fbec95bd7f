import { activationAware } from './activationAware';
import { inputWeight } from './inputWeight';
import type { ScaleRule } from './scaleRule';
import { smoothQuant } from './smoothQuant';

const tenths = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => (from + i) / 10);

/**
 * The rules that a search tries for every region: the seed's, SmoothQuant's for α = 0.1 … 1 and AWQ's for α = 0.1 … 0.9
 * (its α = 1 is SmoothQuant's).
 */
export const RULE_GRID: readonly ScaleRule[] = [
  inputWeight,
  ...tenths(1, 10).map(smoothQuant),
  ...tenths(1, 9).map(activationAware),
];

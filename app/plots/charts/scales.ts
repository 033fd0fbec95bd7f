import type { AxisSpec, Extent } from '../picture';
import { decades, powerOfTen, roundValues, shortNumber } from '../ticks';

/** How values go onto an axis. */
export interface Scale {
  to(value: number): number;
  readonly format: (place: number) => string;
  readonly splits: NonNullable<AxisSpec['splits']>;
}

export const LINEAR: Scale = {
  to: (value) => value,
  format: shortNumber,
  splits: ([from, to], most) => roundValues(from, to, most),
};

/** Zero, negative and non-finite values have no place. */
export const LOG: Scale = {
  to: (value) => (value > 0 && Number.isFinite(value) ? Math.log10(value) : Number.NaN),
  format: powerOfTen,
  splits: (sight, most) => decades(sight, most),
};

/** Labels on both sides of zero: whole decades above the linear part, thinned to what fits. */
function symmetricSplits(linear: number, back: (place: number) => number, [from, to]: Extent, most: number) {
  const sizes = Math.max(Math.abs(back(from)), Math.abs(back(to)), linear);
  const first = Math.ceil(Math.log10(linear) - 1e-9);
  const last = Math.floor(Math.log10(sizes) + 1e-9);
  const count = Math.max(0, last - first + 1);
  const step = Math.max(1, Math.ceil((2 * count + 1) / most));
  const decadesUp = Array.from({ length: Math.ceil(count / step) }, (_, i) => last - i * step);
  const places = decadesUp.map((power) => Math.log10(1 + 10 ** power / linear));
  return [...places.map((place) => -place), 0, ...places]
    .filter((place) => place >= from && place <= to)
    .sort((a, b) => a - b);
}

/**
 * A log axis for values of both signs: `sign(v) · log10(1 + |v| / linear)`, nearly linear below `linear` and logarithmic
 * far above it (as `symlog` in matplotlib).
 */
export function symmetricLog(linear: number): Scale {
  const to = (value: number) => Math.sign(value) * Math.log10(1 + Math.abs(value) / linear);
  const back = (place: number) => Math.sign(place) * linear * (10 ** Math.abs(place) - 1);
  return {
    to,
    format: (place) => shortNumber(Number(back(place).toPrecision(6))),
    splits: (sight, most) => symmetricSplits(linear, back, sight, most),
  };
}

/** Whole numbers in sight. */
export const wholePlaces = ([from, to]: Extent, most: number): readonly number[] =>
  to - from < 1
    ? [Math.round((from + to) / 2)]
    : roundValues(from, to, Math.min(most, Math.floor(to - from))).filter(Number.isInteger);

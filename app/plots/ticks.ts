/*
 * Where axes have their labels, and what these say. An axis always has at least two, and never more than fit.
 */

/** Labels of linear values: short, with a real minus. */
export const shortNumber = (value: number): string =>
  (Math.abs(value) >= 1e4 || (value !== 0 && Math.abs(value) < 1e-3)
    ? value.toExponential(0).replace('e+', 'e')
    : String(Number(value.toPrecision(3)))
  ).replaceAll('-', '−');

/** Labels of log10 values: the value itself. */
export const powerOfTen = (log: number): string => shortNumber(10 ** log);

/** Every n-th, so that at most `most` are left. */
const thinned = (places: readonly number[], most: number): readonly number[] => {
  const step = Math.max(1, Math.ceil(places.length / most));
  return places.filter((_, index) => index % step === 0);
};

/** The least of 1, 2, 5, 10, 20, … times a power of ten that is not below `size`. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= size * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Round values from `from` to `to`, at most `most` of them. */
export function roundValues(from: number, to: number, most: number): readonly number[] {
  const step = roundStep((to - from) / most);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/**
 * Labels of a log10 axis: whole decades; where fewer than two decades are in sight, 1, 2, 5 of each; where these
 * are too few, round values.
 */
export function decades([from, to]: readonly [number, number], most = 6): readonly number[] {
  const whole = Array.from({ length: Math.floor(to) - Math.floor(from) + 1 }, (_, i) => Math.floor(from) + i);
  const isInSight = (log: number) => log >= from && log <= to;
  if (to - from >= 2) return thinned(whole.filter(isInSight), most);
  const fifths = whole.flatMap((log) => [log, log + Math.log10(2), log + Math.log10(5)]).filter(isInSight);
  if (fifths.length >= 2) return thinned(fifths, most);
  return roundValues(10 ** from, 10 ** to, 4).map(Math.log10);
}

/** Labels of an axis that counts from zero: whole numbers only. */
export const wholeNumbers = (most: number, labels: number): { readonly splits: readonly number[] } => ({
  splits: most < 1 ? [0] : roundValues(0, most, Math.min(labels, most)),
});

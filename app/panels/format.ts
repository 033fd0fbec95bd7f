/*
 * Numbers as the page prints them. A number that is not known is an em dash, never a zero.
 */

const MISSING = '—';

/** Four significant digits, with a real minus sign: `0.01249`, `−1.2e-7`, `16`. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return MISSING;
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const digits = size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(2) : trimmed(value);
  return digits.replace(/^-/, '−');
}

const trimmed = (value: number): string => String(Number(value.toPrecision(4)));

/** A ratio of ranges: `48`, `3.2`, `1.2e7`. */
export function formatRatio(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING;
  if (value >= 1e4) return value.toExponential(1).replace('e+', 'e');
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(value >= 10 ? 3 : 2)));
}

/** Decibels with one decimal, without the unit. */
export const formatDb = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? MISSING
    : Number.isFinite(value)
      ? signed(value)
      : formatNumber(value);

const signed = (value: number): string => value.toFixed(1).replace(/^-/, '−');

/** A difference of decibels with its sign: `+6.7 dB`. */
export function formatGain(plain: number | null, equalized: number | null): string {
  if (plain === null || equalized === null) return MISSING;
  const gain = equalized - plain;
  return `${gain >= 0.05 ? '+' : ''}${formatDb(Math.abs(gain) < 0.05 ? 0 : gain)} dB`;
}

/** A fraction as a percentage: `97.33 %`. */
export const formatPercent = (fraction: number | null | undefined): string =>
  fraction === null || fraction === undefined ? MISSING : `${(fraction * 100).toFixed(2)} %`;

/** A count, short: `17.6 k`, `1.2 M`. */
export function formatCount(count: number): string {
  if (count < 1000) return String(count);
  const [size, unit] = count < 1e6 ? [1e3, 'k'] : count < 1e9 ? [1e6, 'M'] : [1e9, 'G'];
  return `${Number((count / size).toPrecision(3))} ${unit}`;
}

/** Milliseconds up to a second, then seconds. */
export function formatTime(ms: number): string {
  if (ms < 1) return '<1 ms';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10000 ? 2 : 1)} s`;
}

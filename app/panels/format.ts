import type { Sqnr } from '../../src/index';
import { grouped } from '../store/counting';
import { printedGain } from '../store/gains';

/*
 * Numbers as the page prints them. A number that is not known is an em dash, never a zero.
 */

const MISSING = '—';

/** `2.6e−7`: the real minus sign also keeps a line from breaking inside the number. */
const exponential = (value: number, digits: number): string =>
  Number(value.toPrecision(digits)).toExponential().replace('e+', 'e').replaceAll('-', '−');

/** Four significant digits, with a real minus sign: `0.01249`, `−1.2e−7`, `16`. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return MISSING;
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return exponential(value, 4);
  return String(Number(value.toPrecision(4))).replace('-', '−');
}

/** A ratio of ranges: `48`, `3.2`, `1.2e7`. */
export function formatRatio(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING;
  if (value >= 1e4) return exponential(value, 2);
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(value >= 10 ? 3 : 2)));
}

/** A number as it stands in a sentence: not part of a name such as `conv-1` or `fc_2`. */
const NUMBER = /(?<![\w.-])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.]*[a-df-z_])/gi;

/**
 * The engine's sentences in the page's typography: real minus signs, exponents as `2.6e−7`, at most four significant
 * digits after the point.
 */
export const tidy = (text: string): string =>
  text.replace(NUMBER, (found) => {
    const [mantissa = '', exponent] = found.split('e');
    if (exponent !== undefined) return formatNumber(Number(found));
    const digits = mantissa.replace(/^-?[0.]*/, '').replace('.', '').length;
    return mantissa.includes('.') && digits > 4 ? formatNumber(Number(found)) : found.replace('-', '−');
  });

/** `[p2o.DynamicDimension.0, 3]` as `[p2o…n.0, 3]`: names of open sizes are cut in their middle, where they are long. */
export const shortShape = (shape: string): string =>
  shape.startsWith('[')
    ? shape.replace(/[A-Za-z_][^,\]]{10,}/g, (size) => `${size.slice(0, 3)}…${size.slice(-3)}`)
    : shape;

/** Decibels with one decimal, without the unit. */
export const formatDb = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? MISSING
    : Number.isFinite(value)
      ? signed(value)
      : formatNumber(value);

const signed = (value: number): string =>
  value
    .toFixed(1)
    .replace(/^-0\.0$/, '0.0')
    .replace('-', '−');

/** A difference of decibels with its sign, of the figures as they are printed: `+6.7 dB`. */
export function formatGain(plain: number | null, equalized: number | null): string {
  if (plain === null || equalized === null) return MISSING;
  const gain = printedGain(plain, equalized);
  return `${gain > 0 ? '+' : ''}${formatDb(gain)} dB`;
}

/** A fraction as a percentage: `97.33 %`. */
export const formatPercent = (fraction: number | null | undefined): string =>
  fraction === null || fraction === undefined ? MISSING : `${(fraction * 100).toFixed(2)} %`;

/** `531 / 540`; empty when the fraction is not one of that many samples. */
export function formatCorrect(fraction: number | null | undefined, samples: number | null): string {
  if (fraction === null || fraction === undefined || samples === null) return '';
  const correct = Math.round(fraction * samples);
  return Math.abs(correct - fraction * samples) < 1e-3 ? `${grouped(correct)} / ${grouped(samples)}` : '';
}

/** Whether more bits survive: better, worse, or no difference that one decimal shows. */
export function gainTone({ plain, equalized }: Sqnr): 'better' | 'worse' | '' {
  if (plain === null || equalized === null) return '';
  const gain = printedGain(plain, equalized);
  return gain > 0 ? 'better' : gain < 0 ? 'worse' : '';
}

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

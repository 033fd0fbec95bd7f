import type { MethodRow } from '../../../src/index';
import type { Compared } from '../../store/findings';
import { methodWords } from '../../store/methodWords';

type Field = string | number | null;

/** Figures in full; what is not known stays empty, what is not finite has the words of Python and R. */
function textOf(field: Field): string {
  if (field === null) return '';
  if (typeof field === 'string') return field;
  if (Number.isNaN(field)) return 'nan';
  return Number.isFinite(field) ? String(field) : field > 0 ? 'inf' : '-inf';
}

/** RFC 4180: a field with a comma, a quote or a line break stands in quotes, its own quotes twice. */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Every line ends in CR LF, the last one too. */
export const csvOf = (lines: readonly (readonly Field[])[]): string =>
  lines.map((fields) => `${fields.map((field) => quoted(textOf(field))).join(',')}\r\n`).join('');

const HEAD = [
  'method',
  'title',
  'sqnr_db',
  'gain_db',
  'accuracy',
  'correct',
  'evaluated',
  'muls',
  'folds',
  'max_rel_error',
  'ms',
  'error',
];

const minus = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a - b;

function figuresOf(row: MethodRow, { rows, settings, evaluation }: Compared): readonly Field[] {
  const plain = rows.find(({ name }) => name === 'none')?.sqnr ?? null;
  const evaluated = row.accuracy !== null && evaluation !== null ? evaluation.samples : null;
  return [
    row.name,
    methodWords(row.name, settings),
    row.sqnr,
    minus(row.sqnr, plain),
    row.accuracy,
    row.accuracy === null || evaluated === null ? null : Math.round(row.accuracy * evaluated),
    evaluated,
    row.error === null ? row.muls : null,
    row.error === null ? row.folds : null,
    row.maxRelError,
    row.ms,
    row.error,
  ];
}

/** The comparison as a table: one row a method, one column a figure, then the SQNR of every layer in graph order. */
export const methodsCsv = (compared: Compared, layers: readonly string[]): string =>
  csvOf([
    [...HEAD, ...layers.map((layer) => `sqnr_db ${layer}`)],
    ...compared.rows.map((row) => [
      ...figuresOf(row, compared),
      ...layers.map((layer) => row.layers[layer] ?? null),
    ]),
  ]);

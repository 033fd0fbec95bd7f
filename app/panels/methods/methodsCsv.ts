import type { MethodRow } from '../../../src/index';
import type { Compared } from '../../store/findings';
import { methodWords } from '../../store/methodWords';
import { type CsvField, csvOf } from '../csv';

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

function figuresOf(row: MethodRow, { rows, settings, evaluation }: Compared): readonly CsvField[] {
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

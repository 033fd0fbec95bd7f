import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { MethodName, MethodRow } from '../../../src/index';
import { useStudio } from '../../store/context';
import { bestMethod, type Compared, methodInUse } from '../../store/findings';
import { methodWords } from '../../store/methodWords';
import {
  formatCorrect,
  formatDb,
  formatGain,
  formatNumber,
  formatPercent,
  formatTime,
  gainTone,
  tidy,
} from '../format';
import { byHandWords, inUseWords } from '../methodWords';
import { type Column, SortTable } from '../SortTable';
import { LAYER_SQNR } from '../words';
import { LayerBars } from './LayerBars';

/** Says that the row's method is the model's own, and what was decided otherwise for single layers. */
function InUse() {
  const words = useStudio((studio) => inUseWords(studio.settings));
  const byHand = useStudio((studio) => byHandWords(studio.settings));
  const [inUse, ...rest] = words.split(', ');
  if (rest.length === 0) return <span className="in-use">{words}</span>;
  return (
    <span className="in-use" title={`This row’s figures are without what was set by hand: ${byHand}`}>
      {inUse}
      <small>, {rest.join(', ')}</small>
    </span>
  );
}

/** Makes the row's method the model's own, or says that it is. */
function UseButton({ name, words }: { name: MethodName; words: string }) {
  const isInUse = useStudio((studio) => methodInUse(studio.settings) === name);
  const busy = useStudio((studio) => studio.job !== null);
  const use = useStudio((studio) => studio.useMethod);
  if (isInUse) return <InUse />;
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={`Use ${words}`}
      disabled={busy}
      onClick={() => void use(name)}
    >
      Use
    </Button>
  );
}

/** The scale that all rows' bars share. */
function mostOf(rows: readonly MethodRow[]): number {
  const values = rows.flatMap(({ layers }) => Object.values(layers));
  return values.reduce<number>(
    (most, value) => (Number.isFinite(value) ? Math.max(most, value ?? 0) : most),
    1,
  );
}

const leastOf = ({ layers }: MethodRow): number | null => {
  const known = Object.values(layers).filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
};

/** A figure of a method that could run. */
const unlessFailed = (row: MethodRow, figure: number): number | null => (row.error === null ? figure : null);

function figureColumns({ rows, evaluation }: Compared): readonly Column<MethodRow>[] {
  const plain = rows.find(({ name }) => name === 'none')?.sqnr ?? null;
  const best = bestMethod(rows);
  const samples = evaluation?.labels === true ? evaluation.samples : null;
  const gain = ({ sqnr }: MethodRow) => (sqnr === null || plain === null ? null : sqnr - plain);
  return [
    {
      id: 'sqnr',
      title: 'SQNR, dB',
      term: 'sqnr',
      hint: 'Power of the float model’s output over the power of the int8 model’s error, on the calibration data',
      sortBy: ({ sqnr }) => sqnr,
      cell: ({ sqnr }) => formatDb(sqnr),
      className: (row) => (row === best ? 'best' : ''),
    },
    {
      id: 'gain',
      title: 'gain',
      term: 'gain',
      hint: 'SQNR over that of plain int8',
      sortBy: gain,
      cell: ({ name, sqnr }) => (name === 'none' ? '' : formatGain(plain, sqnr)),
      className: ({ name, sqnr }) => (name === 'none' ? '' : gainTone({ plain, equalized: sqnr })),
    },
    {
      id: 'accuracy',
      title: 'accuracy',
      hint: samples === null ? 'Needs evaluation data with labels' : 'On the evaluation data',
      sortBy: ({ accuracy }) => accuracy,
      cell: ({ accuracy }) => (
        <>
          {formatPercent(accuracy)} <small>{formatCorrect(accuracy, samples)}</small>
        </>
      ),
    },
  ];
}

const COST_COLUMNS: readonly Column<MethodRow>[] = [
  {
    id: 'muls',
    title: 'muls',
    term: 'mul',
    hint: 'Multiplications that the method adds to the model',
    first: 'ascending',
    sortBy: (row) => unlessFailed(row, row.muls),
    cell: (row) => unlessFailed(row, row.muls) ?? '—',
  },
  {
    id: 'folds',
    title: 'folds',
    term: 'fold',
    hint: 'Layers whose scale the weights before them take',
    sortBy: (row) => unlessFailed(row, row.folds),
    cell: (row) => unlessFailed(row, row.folds) ?? '—',
  },
  {
    id: 'error',
    title: 'float error',
    term: 'float-error',
    first: 'ascending',
    sortBy: ({ maxRelError }) => maxRelError,
    cell: ({ maxRelError }) => formatNumber(maxRelError),
    className: ({ maxRelError }) => ((maxRelError ?? 0) > 1e-4 ? 'worse' : ''),
  },
  {
    id: 'time',
    title: 'time',
    first: 'ascending',
    sortBy: ({ ms }) => ms,
    cell: ({ ms }) => formatTime(ms),
  },
];

function columnsOf(compared: Compared, layers: readonly string[]): readonly Column<MethodRow>[] {
  const { rows, settings } = compared;
  const most = mostOf(rows);
  const plain = rows.find(({ name }) => name === 'none')?.layers ?? {};
  const words = ({ name }: MethodRow) => methodWords(name, settings);
  const bars = (row: MethodRow) =>
    layers.map((name) => ({ name, sqnr: row.layers[name] ?? null, plain: plain[name] ?? null }));
  return [
    { id: 'method', title: 'method', term: 'method', isText: true, sortBy: words, cell: words },
    ...figureColumns(compared),
    {
      id: 'layers',
      title: 'layers',
      term: 'sqnr',
      hint: `${LAYER_SQNR}, in graph order; the line is plain int8. Sorts by the lowest`,
      isText: true,
      first: 'descending',
      sortBy: leastOf,
      className: () => 'bars',
      cell: (row) =>
        row.error === null ? (
          <LayerBars layers={bars(row)} most={most} />
        ) : (
          <span className="method-error" title={tidy(row.error)}>
            {tidy(row.error)}
          </span>
        ),
    },
    ...COST_COLUMNS,
    {
      id: 'use',
      title: '',
      cell: (row) => (row.error === null ? <UseButton name={row.name} words={words(row)} /> : null),
    },
  ];
}

/** Every method on the open model, one row each. */
export function MethodsTable() {
  const compared = useStudio((studio) => studio.compared);
  const layers = useStudio((studio) => studio.view.layers);
  const inUse = useStudio((studio) => methodInUse(studio.settings));
  const columns = useMemo(
    () =>
      compared &&
      columnsOf(
        compared,
        layers.map(({ name }) => name),
      ),
    [compared, layers],
  );
  if (compared === null || columns === null)
    return (
      <p className="empty">
        Compare methods runs plain int8, every method of equalization and PyTorch’s own pass on this model and
        data, and puts them side by side. Your steps stay as they are.
      </p>
    );
  return (
    <SortTable
      className="methods-table"
      caption="Methods compared"
      columns={columns}
      rows={compared.rows}
      nameOf={({ name }) => name}
      rowProps={({ name }) => ({ 'data-method': name, 'aria-current': name === inUse || undefined })}
    />
  );
}

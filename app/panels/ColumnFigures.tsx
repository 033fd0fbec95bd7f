import { CloseButton } from '@mantine/core';
import type { BeforeAfter, NodeDetails } from '../../src/index';
import { Term, Termed } from '../glossary/Term';
import { widthsOf } from '../plots/charts/order';
import { useStudio } from '../store/context';
import { formatNumber } from './format';

interface Row {
  readonly name: string;
  readonly before: string;
  /** Null where the step is not there yet. */
  readonly after: string | null;
}

const interval = (min: number | undefined, max: number | undefined): string =>
  `${formatNumber(min)} … ${formatNumber(max)}`;

/** How much of the widest column's range this one's fills: of the grid, that is. */
function shareOf(ranges: BeforeAfter['before'], column: number): string {
  const widths = widthsOf(ranges);
  const widest = widths.reduce((most, width) => (width > most ? width : most), 0);
  const share = (widths[column] ?? Number.NaN) / widest;
  return Number.isFinite(share) ? `${Number((share * 100).toPrecision(2))} %` : '—';
}

function rangeRows(name: string, ranges: BeforeAfter | null, column: number): readonly Row[] {
  if (ranges === null || column >= ranges.before.min.length) return [];
  const { before, after } = ranges;
  return [
    {
      name,
      before: interval(before.min[column], before.max[column]),
      after: after && interval(after.min[column], after.max[column]),
    },
    { name: 'of the widest', before: shareOf(before, column), after: after && shareOf(after, column) },
  ];
}

const rowsOf = ({ layer, input, weight }: NodeDetails, column: number): readonly Row[] => [
  ...rangeRows(layer === null ? 'range' : 'input range', input, column),
  ...rangeRows('weight range', weight, column),
];

function RangesTable({ rows }: { rows: readonly Row[] }) {
  const isCompared = rows.some(({ after }) => after !== null);
  return (
    <table className="grid column-ranges">
      <thead>
        <tr>
          <th className="text" scope="col">
            this column
          </th>
          <th scope="col">{isCompared ? 'before' : 'now'}</th>
          {isCompared && <th scope="col">after</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, before, after }, at) => (
          // The share stands under its range, twice by the same name.
          // biome-ignore lint/suspicious/noArrayIndexKey: rows never move
          <tr key={at}>
            <th className="text" scope="row">
              <Termed>{name}</Termed>
            </th>
            <td>{before}</td>
            {isCompared && <td>{after ?? '—'}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The chosen column in numbers: its ranges before and after, and its scale. */
export function ColumnFigures({ details }: { details: NodeDetails }) {
  const column = useStudio((studio) => studio.column);
  const choose = useStudio((studio) => studio.chooseColumn);
  if (column === null) return null;
  const rows = rowsOf(details, column);
  const scale = details.scale?.[column];
  if (rows.length === 0 && scale === undefined) return null;
  return (
    <section className="column-figures" aria-label={`Column ${column}`}>
      <h3>
        Column {column}
        <CloseButton size="xs" aria-label="Deselect the column" onClick={() => choose(null)} />
      </h3>
      {rows.length > 0 && <RangesTable rows={rows} />}
      {scale !== undefined && (
        <p>
          <Term id="equalization-scale" />: <b>{formatNumber(scale)}</b>
        </p>
      )}
    </section>
  );
}

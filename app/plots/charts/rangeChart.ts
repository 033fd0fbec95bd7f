import type { BeforeAfter, Ranges } from '../../../src/index';
import { formatNumber, formatRatio } from '../../panels/format';
import { RATIO_TITLE } from '../../panels/words';
import type { LegendItem } from '../picture';
import { rangeRatio } from '../ratio';
import { finiteExtent, padded } from '../spec';
import { type Chart, type ChartOptions, countedMarks } from './chart';
import { type Bars, fillBars, fillBoth } from './columns';
import { gainInBits, orderBy, widthsOf } from './order';
import { LINEAR, type Scale, symmetricLog, wholePlaces } from './scales';

export const BEFORE_AFTER: readonly LegendItem[] = [
  { label: 'before', mark: 'bar', colour: 'before' },
  { label: 'after equalization', mark: 'bar', colour: 'after' },
];

/** Six decades below the largest bound counts as near zero: no column there is told from another on the page. */
const DEPTH = 1e-6;

/** Logarithmic from the smallest bound on, but for those near zero. */
function scaleOf(bounds: readonly Float32Array[], log: boolean): Scale {
  if (!log) return LINEAR;
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const values of bounds)
    for (const value of values) {
      const size = Math.abs(value);
      if (size > 0 && size < least) least = size;
      if (size < Number.POSITIVE_INFINITY && size > most) most = size;
    }
  return symmetricLog(Math.max(least, most * DEPTH) || 1);
}

const interval = ({ min, max }: Ranges, column: number): string =>
  `[${formatNumber(min[column])}, ${formatNumber(max[column])}]`;

function sortKey({ before, after }: BeforeAfter, sort: ChartOptions['sort']): Float64Array | null {
  if (sort === 'range') return widthsOf(before);
  return sort === 'gain' && after !== null ? gainInBits(before, after) : null;
}

function noteOf({ before, after }: BeforeAfter): string {
  const early = formatRatio(rangeRatio(before));
  return `ratio ${early}${after === null ? '' : ` → ${formatRatio(rangeRatio(after))}`}`;
}

function tableOf(
  { before, after }: BeforeAfter,
  gains: Float64Array | null,
  order: Int32Array,
): ReturnType<Chart['table']> {
  const head = ['column', 'min_before', 'max_before'];
  return [
    after === null ? head : [...head, 'min_after', 'max_after', 'gain_bits'],
    ...Array.from(order, (column) => [
      column,
      before.min[column] ?? null,
      before.max[column] ?? null,
      ...(after === null
        ? []
        : [after.min[column] ?? null, after.max[column] ?? null, gains?.[column] ?? null]),
    ]),
  ];
}

/** Bounds on the axis, by place: computed once, so that a redraw only draws. */
const barsOf = ({ min, max }: Ranges, order: Int32Array, scale: Scale): Bars => {
  const placed = (values: Float32Array) =>
    Float64Array.from(order, (column) => scale.to(values[column] ?? Number.NaN));
  return { low: placed(min), high: placed(max) };
};

function drawing({ before, after }: BeforeAfter, order: Int32Array, scale: Scale): Chart['draw'] {
  const early = barsOf(before, order, scale);
  const late = after === null ? null : barsOf(after, order, scale);
  return (frame, colours) =>
    late === null ? fillBars(frame, early, colours.after, 1) : fillBoth(frame, early, late, colours);
}

function describeColumn({ before, after }: BeforeAfter, gains: Float64Array | null, column: number): string {
  const then = after === null ? '' : ` → ${interval(after, column)}`;
  return `column ${column}: ${interval(before, column)}${then}${bitWords(gains?.[column])}`;
}

const bitWords = (gain: number | undefined): string =>
  gain === undefined || Number.isNaN(gain)
    ? ''
    : `, ${gain >= 0 ? '+' : ''}${formatNumber(Number(gain.toFixed(2)))} bits`;

/** Column ranges before and after; null when no column has a finite range. */
export function rangeChart(title: string, ranges: BeforeAfter, { log, sort }: ChartOptions): Chart | null {
  const { before, after } = ranges;
  const bounds = [before, after].flatMap((side) => (side === null ? [] : [side.min, side.max]));
  if (finiteExtent(bounds) === null) return null;
  const scale = scaleOf(bounds, log);
  const [least, most] = finiteExtent([...bounds, [0]]) ?? [0, 1];
  const count = before.min.length;
  const gains = after === null ? null : gainInBits(before, after);
  const order = orderBy(sortKey(ranges, sort), count);
  const columnOf = (mark: number) => order[mark] ?? mark;
  return {
    title: `${title} per column`,
    legend: after === null ? [] : BEFORE_AFTER,
    note: noteOf(ranges),
    noteTitle: RATIO_TITLE,
    x: {
      title: sort === 'order' ? 'column' : `columns by ${sort}`,
      range: [-0.5, count - 0.5],
      format: (place) => String(sort === 'order' ? place : place + 1),
      splits: wholePlaces,
    },
    y: {
      title: log ? 'range, log' : 'range',
      range: padded([scale.to(least), scale.to(most)], 0.04),
      ...scale,
    },
    draw: drawing(ranges, order, scale),
    ...countedMarks(count),
    columnOf,
    describe: (mark) => describeColumn(ranges, gains, columnOf(mark)),
    table: () => tableOf(ranges, gains, order),
  };
}

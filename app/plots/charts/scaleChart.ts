import { formatNumber, formatRatio } from '../../panels/format';
import { valueRatio } from '../ratio';
import { finiteExtent, padded } from '../spec';
import { type Chart, type ChartOptions, countedMarks } from './chart';
import { fillDots } from './columns';
import { orderBy } from './order';
import { LINEAR, LOG, wholePlaces } from './scales';

/** How far a scale is from 1, either way: what equalization does to the column. */
const strength = (scale: ArrayLike<number>): Float64Array =>
  Float64Array.from(scale, (value) => Math.abs(Math.log2(value)));

/** The equalization scale of each column; null when none has a place on the axis. */
export function scaleChart(scales: Float32Array, { log, sort }: ChartOptions): Chart | null {
  const scale = log ? LOG : LINEAR;
  const extent = finiteExtent([Float64Array.from(scales, scale.to)]);
  if (extent === null) return null;
  const key = sort === 'order' ? null : sort === 'range' ? scales : strength(scales);
  const order = orderBy(key, scales.length);
  const columnOf = (mark: number) => order[mark] ?? mark;
  const places = Float64Array.from(order, (column) => scale.to(scales[column] ?? Number.NaN));
  const byWords = sort === 'range' ? 'columns by scale' : 'columns by distance from 1';
  return {
    title: 'Equalization scale per column',
    legend: [],
    note: `ratio ${formatRatio(valueRatio(scales))}`,
    noteTitle: 'Largest scale ÷ smallest',
    x: {
      title: sort === 'order' ? 'column' : byWords,
      range: [-0.5, scales.length - 0.5],
      format: (place) => String(sort === 'order' ? place : place + 1),
      splits: wholePlaces,
    },
    y: { title: log ? 'scale, log' : 'scale', range: padded(extent, 0.1), ...scale },
    draw: (frame, { after }) => fillDots(frame, places, after),
    ...countedMarks(scales.length),
    columnOf,
    describe: (mark) => `column ${columnOf(mark)}: ${formatNumber(scales[columnOf(mark)])}`,
    table: () => [['column', 'scale'], ...Array.from(order, (column) => [column, scales[column] ?? null])],
  };
}

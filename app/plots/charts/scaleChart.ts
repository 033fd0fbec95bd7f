import { formatNumber, formatRatio } from '../../panels/format';
import { valueRatio } from '../ratio';
import { finiteExtent, padded } from '../spec';
import { type Chart, type ChartOptions, countedMarks } from './chart';
import { eachBar, inSight, stepOf } from './columns';
import { orderBy } from './order';
import { LINEAR, LOG, wholePlaces } from './scales';

/** A dot a column; where a pixel has several, a line from their least to their largest. */
function drawing(scales: ArrayLike<number>, order: Int32Array, to: (value: number) => number): Chart['draw'] {
  const at = (place: number) => to(scales[order[place] ?? -1] ?? Number.NaN);
  return (frame, colours) => {
    const { ctx } = frame;
    ctx.fillStyle = colours.after;
    const step = stepOf(frame);
    if (step < 1)
      return eachBar(frame, order.length, at, at, (left, width, top, bottom) =>
        ctx.fillRect(left, top - 0.5, width, Math.max(1.5, bottom - top)),
      );
    const radius = Math.min(4, Math.max(1, step / 2));
    const [first, last] = inSight(frame, order.length);
    ctx.beginPath();
    for (let place = first; place <= last; place++) {
      const y = frame.y(at(place));
      if (!Number.isFinite(y)) continue;
      ctx.moveTo(frame.x(place) + radius, y);
      ctx.arc(frame.x(place), y, radius, 0, 2 * Math.PI);
    }
    ctx.fill();
  };
}

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
    draw: drawing(scales, order, scale.to),
    ...countedMarks(scales.length),
    columnOf,
    describe: (mark) => `column ${columnOf(mark)}: ${formatNumber(scales[columnOf(mark)])}`,
    table: () => [['column', 'scale'], ...Array.from(order, (column) => [column, scales[column] ?? null])],
  };
}

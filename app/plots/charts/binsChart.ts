import type { RangeHistogram } from '../../../src/index';
import { formatNumber } from '../../panels/format';
import { countOf } from '../../store/counting';
import type { Frame } from '../picture';
import { shortNumber } from '../ticks';
import { type Chart, type ChartOptions, countedMarks } from './chart';
import { BEFORE_AFTER } from './rangeChart';
import { LOG, wholePlaces } from './scales';

/** Under one: on a log axis a bar of one column must stand out from none. */
const FLOOR = 0.5;

/** One bar per bin, over a share of the bin's width. */
function drawBins(
  frame: Frame,
  edges: Float32Array,
  counts: Uint32Array,
  to: (count: number) => number,
  colour: string,
  share: number,
) {
  const { ctx, bbox } = frame;
  const ground = bbox.top + bbox.height;
  ctx.fillStyle = colour;
  counts.forEach((count, bin) => {
    if (count === 0) return;
    const [left, right] = [frame.x(edges[bin] ?? 0), frame.x(edges[bin + 1] ?? 0)];
    const width = Math.max(1, (right - left - 1) * share);
    const top = frame.y(to(count));
    ctx.fillRect((left + right - 1 - width) / 2, top, width, ground - top);
  });
}

/** How many columns have which range; null when no column has a place on the axis. `log` is that of the counts. */
export function binsChart(
  title: string,
  histogram: RangeHistogram,
  { log }: Pick<ChartOptions, 'log'>,
): Chart | null {
  const { edges, before, after, zero } = histogram;
  const most = Math.max(0, ...before, ...(after ?? []));
  const [first, last] = [edges[0], edges[edges.length - 1]];
  if (most === 0 || first === undefined || last === undefined) return null;
  const to = log ? (count: number) => Math.log10(Math.max(count, FLOOR)) : (count: number) => count;
  const counted = before.reduce((sum, count) => sum + count, 0);
  const bins = before.length;
  const middle = (bin: number) => ((edges[bin] ?? 0) + (edges[bin + 1] ?? 0)) / 2;
  return {
    title: `${title}s, histogram`,
    legend: after === null ? [] : BEFORE_AFTER,
    note: zero === 0 ? countOf(counted, 'column') : `${counted} of ${countOf(counted + zero, 'column')}`,
    noteTitle: 'Columns of zero or unknown range have no place on a log axis',
    x: { title: 'range, log', range: [first, last], format: LOG.format, splits: LOG.splits },
    y: {
      title: log ? 'columns, log' : 'columns',
      range: log ? [Math.log10(FLOOR), Math.log10(most) + 0.1] : [0, most * 1.05],
      ...(log ? LOG : { format: shortNumber, splits: wholePlaces }),
    },
    draw: (frame, colours) => {
      drawBins(frame, edges, before, to, after === null ? colours.after : colours.before, 1);
      if (after !== null) drawBins(frame, edges, after, to, colours.after, 0.5);
    },
    ...countedMarks(bins),
    placeOf: middle,
    markAt: (x) => Math.min(bins - 1, Math.max(0, Math.floor(((x - first) / (last - first)) * bins))),
    describe: (bin) => {
      const [from, until] = [10 ** (edges[bin] ?? 0), 10 ** (edges[bin + 1] ?? 0)];
      const counts = after === null ? `${before[bin]}` : `${before[bin]} → ${after[bin]}`;
      return `ranges ${formatNumber(from)} to ${formatNumber(until)}: ${counts} ${counts === '1' ? 'column' : 'columns'}`;
    },
    table: () => [
      ['range_from', 'range_to', 'columns_before', ...(after === null ? [] : ['columns_after'])],
      ...Array.from(before, (count, bin) => [
        10 ** (edges[bin] ?? 0),
        10 ** (edges[bin + 1] ?? 0),
        count,
        ...(after === null ? [] : [after[bin] ?? 0]),
      ]),
    ],
  };
}

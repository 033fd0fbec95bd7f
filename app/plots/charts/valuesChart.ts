import type { CountedValues, ValueCounts, ValueHistogram } from '../../../src/index';
import type { CsvField } from '../../panels/csv';
import { formatNumber } from '../../panels/format';
import type { Frame, LegendItem, PlotColours } from '../picture';
import { shortNumber } from '../ticks';
import { type Chart, type ChartOptions, countedMarks } from './chart';
import { LINEAR, LOG } from './scales';

const share = (count: number, { total }: ValueCounts): number => (total === 0 ? 0 : count / total);
export const percent = (fraction: number): string =>
  fraction > 0 && fraction < 1e-4 ? '< 0.01 %' : `${Number((fraction * 100).toFixed(2))} %`;

/** The integer with the most values, and their share. */
export function fullestStep({
  counts,
  grid,
}: CountedValues): { readonly integer: number; readonly share: number } | null {
  if (grid === null || counts.levels === null) return null;
  const { levels } = counts;
  const at = levels.reduce((most, count, index) => (count > (levels[most] ?? 0) ? index : most), 0);
  return { integer: grid.quantMin + at, share: share(levels[at] ?? 0, counts) };
}

/** What quantization does to the values, in words; the same figures say it before and after. */
export function lossWords(values: CountedValues): string {
  const fullest = fullestStep(values);
  if (fullest === null) return 'not quantized';
  const { counts } = values;
  const clipped = share(counts.clippedLow + counts.clippedHigh, counts);
  const used = counts.levels?.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0) ?? 0;
  return `${percent(clipped)} clipped, ${percent(fullest.share)} in one step (${shortNumber(fullest.integer)}), ${used} of ${counts.levels?.length ?? 0} steps in use`;
}

interface Steps {
  readonly scale: number;
  /** Where the lowest and the highest step end. */
  readonly from: number;
  readonly to: number;
}
/** Null where there is no grid, or one for each row. */
function stepsOf({ grid }: CountedValues): Steps | null {
  if (grid?.qparams == null) return null;
  const { scale, zeroPoint } = grid.qparams;
  return {
    scale,
    from: (grid.quantMin - zeroPoint - 0.5) * scale,
    to: (grid.quantMax - zeroPoint + 0.5) * scale,
  };
}

/** Bins as an outline or a filled shape; where a pixel holds several, their largest. */
function drawShape(
  frame: Frame,
  { bins, low, high, total }: ValueCounts,
  to: (share: number) => number,
  fill: boolean,
) {
  const { ctx, bbox } = frame;
  const ground = bbox.top + bbox.height;
  const tops = new Float64Array(Math.ceil(bbox.width) + 1).fill(Number.NaN);
  const width = (high - low) / bins.length;
  bins.forEach((count, bin) => {
    const first = Math.max(0, Math.floor(frame.x(low + bin * width) - bbox.left));
    const last = Math.min(tops.length - 1, Math.floor(frame.x(low + (bin + 1) * width) - bbox.left));
    const y = Math.min(ground, frame.y(to(count / total)));
    for (let pixel = first; pixel <= last; pixel++)
      if (!((tops[pixel] ?? y) < y)) tops[pixel] = Number.isFinite(y) ? y : ground;
  });
  if (fill) {
    for (const [pixel, top] of tops.entries())
      if (top < ground) ctx.fillRect(bbox.left + pixel, top, 1, ground - top);
    return;
  }
  ctx.beginPath();
  let isDown = false;
  tops.forEach((top, pixel) => {
    if (Number.isNaN(top)) return;
    if (isDown) ctx.lineTo(bbox.left + pixel, top);
    else ctx.moveTo(bbox.left + pixel, top);
    isDown = true;
  });
  ctx.stroke();
}

/** Of the strip at the foot in which a grid's steps are drawn. */
const STRIP = 6;

/** The grid: its steps as ticks where they are far enough apart, else as a strip, and a dashed line at either end. */
function drawGrid(frame: Frame, steps: Steps, row: number, colour: string, { lost }: PlotColours) {
  const { ctx, bbox } = frame;
  const top = bbox.top + bbox.height - (row + 1) * (STRIP + 1);
  const [left, right] = [frame.x(steps.from), frame.x(steps.to)];
  const gap = frame.x(steps.scale) - frame.x(0);
  ctx.fillStyle = colour;
  if (gap < 3) ctx.fillRect(left, top + STRIP / 2, right - left, STRIP / 2);
  else
    for (
      let at = Math.max(
        steps.from,
        steps.from + Math.floor((frame.sight.x[0] - steps.from) / steps.scale) * steps.scale,
      );
      at <= Math.min(steps.to + steps.scale / 4, frame.sight.x[1]);
      at += steps.scale
    )
      ctx.fillRect(frame.x(at) - 0.5, top, 1, STRIP);
  ctx.fillStyle = lost;
  for (const end of [left, right]) for (let y = bbox.top; y < top; y += 8) ctx.fillRect(end - 0.5, y, 1, 4);
}

function xRange(histogram: ValueHistogram): readonly [number, number] {
  const sides = [histogram.before, ...(histogram.after === null ? [] : [histogram.after])];
  const ends = sides.flatMap((side) => {
    const steps = stepsOf(side);
    return [side.counts.low, side.counts.high, ...(steps === null ? [] : [steps.from, steps.to])];
  });
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const room = (most - least) * 0.02 || 1;
  return [least - room, most + room];
}

/** Values near x: the share of its bin, and of its step of the grid. */
function wordsAt({ counts, grid }: CountedValues, x: number): string {
  const { bins, low, high } = counts;
  const bin = Math.min(bins.length - 1, Math.floor(((x - low) / (high - low)) * bins.length));
  const inBin = percent(share(bins[bin] ?? 0, counts));
  if (grid?.qparams == null || counts.levels === null) return `${inBin} in its bin`;
  const integer = Math.round(x / grid.qparams.scale) + grid.qparams.zeroPoint;
  if (integer < grid.quantMin || integer > grid.quantMax) return `${inBin} in its bin, clipped`;
  return `${inBin} in its bin, ${percent(share(counts.levels[integer - grid.quantMin] ?? 0, counts))} in step ${shortNumber(integer)}`;
}

function rowsOf(series: string, { counts, grid }: CountedValues): readonly (readonly CsvField[])[] {
  const { bins, low, high, levels } = counts;
  const width = (high - low) / bins.length;
  const binRows = Array.from(bins, (count, bin) => [
    series,
    'bin',
    low + bin * width,
    low + (bin + 1) * width,
    null,
    count,
  ]);
  const zero = grid?.qparams;
  const levelRows = Array.from(levels ?? [], (count, index) => {
    const integer = (grid?.quantMin ?? 0) + index;
    const at = (offset: number) => (zero ? (integer - zero.zeroPoint + offset) * zero.scale : null);
    return [series, 'step', at(-0.5), at(0.5), integer, count];
  });
  const rest: readonly (readonly CsvField[])[] = [
    [series, 'clipped below', null, null, null, counts.clippedLow],
    [series, 'clipped above', null, null, null, counts.clippedHigh],
    [series, 'not finite', null, null, null, counts.nonFinite],
  ];
  return [...binRows, ...levelRows, ...rest];
}

const legendOf = ({ before, after }: ValueHistogram): readonly LegendItem[] => [
  ...(after === null
    ? [{ label: 'values', mark: 'bar', colour: 'after' } as const]
    : [
        { label: 'before', mark: 'bar', colour: 'before' } as const,
        { label: 'after equalization', mark: 'line', colour: 'after' } as const,
      ]),
  ...(stepsOf(before) === null
    ? []
    : [{ label: 'ends of the quantization grid', mark: 'dashes', colour: 'lost' } as const]),
];

const MARKS = 512;

/** How the values of a tensor are spread, with the grid that they are quantized to, before and after equalization. */
export function valuesChart(
  title: string,
  histogram: ValueHistogram,
  { log }: Pick<ChartOptions, 'log'>,
): Chart {
  const { before, after } = histogram;
  const [first, last] = xRange(histogram);
  const sides = after === null ? [before] : [before, after];
  const most = Math.max(
    ...sides.map(({ counts }) =>
      share(
        counts.bins.reduce((a, b) => Math.max(a, b), 0),
        counts,
      ),
    ),
  );
  const least = Math.min(...sides.map(({ counts }) => 0.5 / Math.max(1, counts.total)));
  const to = log ? (value: number) => Math.log10(Math.max(value, least)) : (value: number) => value;
  const placeOf = (mark: number) => first + ((mark + 0.5) / MARKS) * (last - first);
  const percentPlace = (place: number) => `${shortNumber((log ? 10 ** place : place) * 100)} %`;
  return {
    title,
    legend: legendOf(histogram),
    note: after === null ? lossWords(before) : `before: ${lossWords(before)} · after: ${lossWords(after)}`,
    noteTitle: 'Values of the calibration data; a step is one integer of the quantization grid',
    x: { title: 'value', range: [first, last], format: LINEAR.format, splits: LINEAR.splits },
    y: {
      title: log ? 'of all values, in 2048 bins, log' : 'of all values, in 2048 bins',
      range: log ? [Math.log10(least), Math.log10(most) + 0.15] : [0, most * 1.05],
      format: percentPlace,
      splits: log ? LOG.splits : LINEAR.splits,
    },
    draw: (frame, colours) => {
      frame.ctx.fillStyle = after === null ? colours.after : colours.before;
      drawShape(frame, before.counts, to, true);
      frame.ctx.strokeStyle = colours.after;
      frame.ctx.lineWidth = 1.5;
      if (after !== null) drawShape(frame, after.counts, to, false);
      sides.forEach((side, row) => {
        const steps = stepsOf(side);
        if (steps !== null)
          drawGrid(frame, steps, row, row === 0 && after !== null ? colours.axis : colours.after, colours);
      });
    },
    ...countedMarks(MARKS),
    placeOf,
    markAt: (x) => Math.min(MARKS - 1, Math.max(0, Math.floor(((x - first) / (last - first)) * MARKS))),
    describe: (mark) => {
      const x = placeOf(mark);
      const now = wordsAt(before, x);
      return `near ${formatNumber(x)}: ${now}${after === null ? '' : ` → ${wordsAt(after, x)}`}`;
    },
    table: () => [
      ['series', 'kind', 'from', 'to', 'integer', 'values'],
      ...rowsOf('before', before),
      ...(after === null ? [] : rowsOf('after', after)),
    ],
  };
}

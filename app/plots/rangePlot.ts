import type { BeforeAfter, Ranges } from '../../src/index';
import { formatNumber } from '../panels/format';
import type { Frame } from './picture';
import { finiteExtent, type PlotColours, type PlotSpec, padded } from './spec';
import { shortNumber, wholeNumbers } from './ticks';

/** Of a bar, in CSS pixels: two columns need not fill the plot. */
const WIDEST = 36;

/** The distance of two columns, in canvas pixels. */
const stepOf = (frame: Frame): number => frame.x(1) - frame.x(0);

/** Below this many pixels a column has no room for a narrow bar on a wide one. */
const isDense = (frame: Frame): boolean => stepOf(frame) < 4;

function widthOf(frame: Frame): number {
  const step = stepOf(frame);
  const wide = isDense(frame) ? step : step - Math.max(1, step * 0.2);
  return Math.min(Math.max(1, wide), WIDEST * frame.pixel);
}

/** Calls back with every column that has a finite range: a bound that is not a number leaves a gap. */
function eachBar(
  frame: Frame,
  { min, max }: Ranges,
  draw: (middle: number, top: number, bottom: number) => void,
) {
  for (let column = 0; column < min.length; column++) {
    const low = min[column] ?? Number.NaN;
    const high = max[column] ?? Number.NaN;
    if (!Number.isFinite(low) || !Number.isFinite(high)) continue;
    draw(frame.x(column), frame.y(high), frame.y(low));
  }
}

/** One bar per column from its minimum to its maximum; thinner than a pixel still draws a pixel. */
function drawBars(frame: Frame, ranges: Ranges, colour: string, share: number) {
  const width = Math.max(1, widthOf(frame) * share);
  frame.ctx.fillStyle = colour;
  eachBar(frame, ranges, (middle, top, bottom) => {
    frame.ctx.fillRect(middle - width / 2, top, width, Math.max(1, bottom - top));
  });
}

/** Only the bounds of each column, as short lines over whatever is drawn there. */
function drawBounds(frame: Frame, ranges: Ranges, colour: string) {
  const width = widthOf(frame);
  const thick = frame.pixel;
  frame.ctx.fillStyle = colour;
  eachBar(frame, ranges, (middle, top, bottom) => {
    frame.ctx.fillRect(middle - width / 2, top, width, thick);
    frame.ctx.fillRect(middle - width / 2, bottom - thick, width, thick);
  });
}

/** Both ranges stay in sight, whichever is the wider: narrow bars on wide ones, or the bounds on top. */
function drawBoth(frame: Frame, before: Ranges, after: Ranges, colours: PlotColours) {
  drawBars(frame, before, colours.before, 1);
  drawBars(frame, after, colours.after, isDense(frame) ? 1 : 0.5);
  if (isDense(frame)) drawBounds(frame, before, colours.axis);
}

const interval = ({ min, max }: Ranges, column: number): string =>
  `[${formatNumber(min[column])}, ${formatNumber(max[column])}]`;

/** Column ranges before and after, on one scale. Null when no column has a finite range. */
export function rangePlot({ before, after }: BeforeAfter): PlotSpec | null {
  const bounds = [before, after].flatMap((ranges) => (ranges === null ? [] : [ranges.min, ranges.max]));
  const extent = finiteExtent([...bounds, [0]]);
  if (finiteExtent(bounds) === null || extent === null) return null;
  const columns = before.min.length;
  return {
    data: [Float64Array.from({ length: columns }, (_, column) => column), before.max],
    x: {
      title: 'column',
      range: [-0.5, columns - 0.5],
      format: shortNumber,
      ...wholeNumbers(columns - 1, 6),
    },
    y: { title: 'range', range: padded(extent, 0.04), format: shortNumber },
    draw: (frame, colours) => {
      if (after === null) drawBars(frame, before, colours.after, 1);
      else drawBoth(frame, before, after, colours);
    },
    describe: (column) =>
      `column ${column}: ${interval(before, column)}${after === null ? '' : ` → ${interval(after, column)}`}`,
  };
}

import type uPlot from 'uplot';
import type { BeforeAfter, Ranges } from '../../src/index';
import { formatNumber } from '../panels/format';
import { finiteExtent, type PlotSpec, padded, shortNumber, wholeNumbers } from './spec';

/** Of a bar, in CSS pixels: two columns need not fill the plot. */
const WIDEST = 36;

/** One bar per column from its minimum to its maximum; thinner than a pixel still draws a pixel. */
function drawBars(plot: uPlot, { min, max }: Ranges, colour: string) {
  const { ctx } = plot;
  const step = plot.valToPos(1, 'x', true) - plot.valToPos(0, 'x', true);
  const wide = step >= 4 ? step - Math.max(1, step * 0.2) : step;
  const width = Math.min(Math.max(1, wide), WIDEST * devicePixelRatio);
  ctx.fillStyle = colour;
  for (let column = 0; column < min.length; column++) {
    const low = min[column] ?? Number.NaN;
    const high = max[column] ?? Number.NaN;
    // A bound that is not a number leaves a gap.
    if (!Number.isFinite(low) || !Number.isFinite(high)) continue;
    const top = plot.valToPos(high, 'y', true);
    const height = Math.max(1, plot.valToPos(low, 'y', true) - top);
    ctx.fillRect(plot.valToPos(column, 'x', true) - width / 2, top, width, height);
  }
}

const interval = ({ min, max }: Ranges, column: number): string =>
  `[${formatNumber(min[column])}, ${formatNumber(max[column])}]`;

/** Column ranges, after over before, on one scale. Null when no column has a finite range. */
export function rangePlot({ before, after }: BeforeAfter): PlotSpec | null {
  const bounds = [before, after].flatMap((ranges) => (ranges === null ? [] : [ranges.min, ranges.max]));
  const extent = finiteExtent([...bounds, [0]]);
  if (finiteExtent(bounds) === null || extent === null) return null;
  const columns = before.min.length;
  return {
    data: [Float64Array.from({ length: columns }, (_, column) => column), before.max],
    x: { range: [-0.5, columns - 0.5], format: shortNumber, ...wholeNumbers(columns - 1) },
    y: { range: padded(extent, 0.04), format: shortNumber },
    draw: (plot, colours) => {
      drawBars(plot, before, after === null ? colours.after : colours.before);
      if (after !== null) drawBars(plot, after, colours.after);
    },
    describe: (column) =>
      `column ${column}: ${interval(before, column)}${after === null ? '' : ` → ${interval(after, column)}`}`,
  };
}

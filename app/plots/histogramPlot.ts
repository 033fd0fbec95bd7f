import type { RangeHistogram } from '../../src/index';
import { formatNumber } from '../panels/format';
import type { Frame } from './picture';
import type { PlotSpec } from './spec';
import { decades, powerOfTen, shortNumber, wholeNumbers } from './ticks';

/** One bar per bin, over a share of the bin's width: the narrow bars of one side leave the other's in sight. */
function drawBins(frame: Frame, edges: Float32Array, counts: Uint32Array, colour: string, share: number) {
  const { ctx } = frame;
  const ground = frame.y(0);
  ctx.fillStyle = colour;
  counts.forEach((count, bin) => {
    if (count === 0) return;
    const left = frame.x(edges[bin] ?? 0);
    const right = frame.x(edges[bin + 1] ?? 0);
    const top = frame.y(count);
    const width = Math.max(1, (right - left - 1) * share);
    ctx.fillRect((left + right - 1 - width) / 2, top, width, ground - top);
  });
}

/** How many columns have which range, on a log10 axis. Null when no column has a place on it. */
export function histogramPlot({ edges, before, after }: RangeHistogram): PlotSpec | null {
  const most = Math.max(0, ...before, ...(after ?? []));
  const first = edges[0];
  const last = edges[edges.length - 1];
  if (most === 0 || first === undefined || last === undefined) return null;
  const middles = Float64Array.from(before, (_, bin) => ((edges[bin] ?? 0) + (edges[bin + 1] ?? 0)) / 2);
  return {
    data: [middles, Float64Array.from(before)],
    x: { title: 'range', range: [first, last], format: powerOfTen, splits: decades([first, last]) },
    y: { title: 'columns', range: [0, most * 1.05], format: shortNumber, ...wholeNumbers(most, 3) },
    draw: (frame, colours) => {
      drawBins(frame, edges, before, after === null ? colours.after : colours.before, 1);
      if (after !== null) drawBins(frame, edges, after, colours.after, 0.5);
    },
    describe: (bin) => {
      const counts = after === null ? `${before[bin]}` : `${before[bin]} → ${after[bin]}`;
      return `ranges near ${formatNumber(10 ** (middles[bin] ?? 0))}: ${counts} ${counts === '1' ? 'column' : 'columns'}`;
    },
  };
}

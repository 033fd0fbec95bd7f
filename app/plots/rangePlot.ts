import type { BeforeAfter, Ranges } from '../../src/index';
import { formatNumber } from '../panels/format';
import { type Bars, fillBars, fillBoth } from './charts/columns';
import { finiteExtent, type PlotSpec, padded } from './spec';
import { shortNumber, wholeNumbers } from './ticks';

const barsOf = ({ min, max }: Ranges): Bars => ({ low: min, high: max });

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
      if (after === null) fillBars(frame, barsOf(before), colours.after, 1);
      else fillBoth(frame, barsOf(before), barsOf(after), colours);
    },
    describe: (column) =>
      `column ${column}: ${interval(before, column)}${after === null ? '' : ` → ${interval(after, column)}`}`,
  };
}

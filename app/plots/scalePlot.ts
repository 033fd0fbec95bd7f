import { formatNumber } from '../panels/format';
import { finiteExtent, type PlotSpec, padded } from './spec';
import { decades, powerOfTen, shortNumber, wholeNumbers } from './ticks';

/** The equalization scale of each input column, as dots on a log10 axis. Null when none is above zero. */
export function scalePlot(scale: Float32Array): PlotSpec | null {
  // Zero, negative and non-finite scales have no logarithm: they become NaN, a gap.
  const logs = Float64Array.from(scale, (value) =>
    value > 0 && Number.isFinite(value) ? Math.log10(value) : Number.NaN,
  );
  const extent = finiteExtent([logs]);
  if (extent === null) return null;
  const range = padded(extent, 0.12);
  return {
    data: [Float64Array.from(scale, (_, column) => column), logs],
    x: {
      title: 'column',
      range: [-0.5, scale.length - 0.5],
      format: shortNumber,
      ...wholeNumbers(scale.length - 1, 6),
    },
    y: { title: 'scale', range, format: powerOfTen, splits: decades(range, 4) },
    draw: (plot, colours) => {
      const { ctx } = plot;
      const radius = (scale.length > 600 ? 1 : 2) * devicePixelRatio;
      ctx.fillStyle = colours.after;
      logs.forEach((log, column) => {
        if (Number.isNaN(log)) return;
        ctx.beginPath();
        ctx.arc(plot.valToPos(column, 'x', true), plot.valToPos(log, 'y', true), radius, 0, 2 * Math.PI);
        ctx.fill();
      });
    },
    describe: (column) => `column ${column}: ${formatNumber(scale[column])}`,
  };
}

import type uPlot from 'uplot';
import type { Extent, RasterFrame } from './picture';
import { paintRaster } from './rasterCanvas';

const extentOf = (plot: uPlot, key: string): Extent => {
  const { min = 0, max = 1 } = plot.scales[key] ?? {};
  return [min, max];
};

/** uPlot's canvas, box and scales, for pictures that know nothing of uPlot. */
export const frameOf = (plot: uPlot): RasterFrame => ({
  ctx: plot.ctx,
  pixel: devicePixelRatio,
  bbox: plot.bbox,
  sight: { x: extentOf(plot, 'x'), y: extentOf(plot, 'y') },
  x: (value) => plot.valToPos(value, 'x', true),
  y: (value) => plot.valToPos(value, 'y', true),
  raster: (image, box) => paintRaster(plot.ctx, image, box),
});

import { drawFigure, type FigureOptions } from '../figure/drawFigure';
import type { Frame, Picture, PlotColours } from '../picture';
import { paintRaster } from '../rasterCanvas';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Draws pictures on a canvas of that size in CSS pixels, `ratio` canvas pixels each. */
export function paintFigure(
  canvas: HTMLCanvasElement,
  pictures: readonly Picture[],
  size: Size,
  colours: PlotColours,
  options: FigureOptions & { readonly ratio: number },
): readonly Frame[] {
  const [width, height] = [size.width * options.ratio, size.height * options.ratio].map(Math.round);
  canvas.width = width ?? 1;
  canvas.height = height ?? 1;
  const ctx = canvas.getContext('2d');
  if (ctx === null) throw new Error('This browser gives no 2D canvas to draw the plot on; reload the page.');
  ctx.setTransform(options.ratio, 0, 0, options.ratio, 0, 0);
  ctx.fillStyle = colours.ground;
  ctx.fillRect(0, 0, size.width, size.height);
  return drawFigure(
    { ctx, raster: (image, box) => paintRaster(ctx, image, box) },
    pictures,
    size,
    colours,
    options,
  );
}

import { drawFigure, type FigureOptions } from '../figure/drawFigure';
import type { Frame, Picture, PlotColours } from '../picture';
import { paintRaster } from '../rasterCanvas';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** An empty canvas of that size in CSS pixels, `ratio` canvas pixels each; its memory is kept while the size is. */
function cleared(canvas: HTMLCanvasElement, size: Size, ratio: number): CanvasRenderingContext2D {
  const [width = 1, height = 1] = [size.width * ratio, size.height * ratio].map(Math.round);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const ctx = canvas.getContext('2d');
  if (ctx === null) throw new Error('This browser gives no 2D canvas to draw the plot on; reload the page.');
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, size.width, size.height);
  return ctx;
}

/** Draws pictures on a canvas of that size in CSS pixels, `ratio` canvas pixels each. */
export function paintFigure(
  canvas: HTMLCanvasElement,
  pictures: readonly Picture[],
  size: Size,
  colours: PlotColours,
  options: FigureOptions & { readonly ratio: number },
): readonly Frame[] {
  const ctx = cleared(canvas, size, options.ratio);
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

/** Draws what changes while the figure stands, each in the box of its picture, on a canvas above the figure's. */
export function paintOver(
  canvas: HTMLCanvasElement,
  frames: readonly Frame[],
  size: Size,
  colours: PlotColours,
  options: { readonly ratio: number; readonly over: (frame: Frame, colours: PlotColours) => void },
): void {
  const ctx = cleared(canvas, size, options.ratio);
  for (const frame of frames) {
    const { left, top, width, height } = frame.bbox;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    options.over({ ...frame, ctx }, colours);
    ctx.restore();
  }
}

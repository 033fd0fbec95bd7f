import type { Box, Raster } from './picture';

/** Rasters never change, so each becomes a canvas once. */
const canvases = new WeakMap<Raster, HTMLCanvasElement>();

function canvasOf(image: Raster): HTMLCanvasElement {
  const known = canvases.get(image);
  if (known !== undefined) return known;
  const { width, height, rgba } = image;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pixels = canvas.getContext('2d');
  if (pixels === null) throw new Error('internal: this browser gives no second 2D canvas.');
  pixels.putImageData(new ImageData(rgba, width, height), 0, 0);
  canvases.set(image, canvas);
  return canvas;
}

/** Draws an image into a box of a canvas; its pixels stay squares. */
export function paintRaster(ctx: CanvasRenderingContext2D, image: Raster, box: Box): void {
  if (image.width === 0 || image.height === 0) return;
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(canvasOf(image), box.left, box.top, box.width, box.height);
}

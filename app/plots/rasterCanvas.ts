import type { Box, Raster } from './picture';

/** Draws an image into a box of a canvas; its pixels stay squares. */
export function paintRaster(ctx: CanvasRenderingContext2D, image: Raster, box: Box): void {
  const { width, height, rgba } = image;
  if (width === 0 || height === 0) return;
  const source = document.createElement('canvas');
  source.width = width;
  source.height = height;
  const pixels = source.getContext('2d');
  if (pixels === null) throw new Error('internal: this browser gives no second 2D canvas.');
  pixels.putImageData(new ImageData(rgba, width, height), 0, 0);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(source, box.left, box.top, box.width, box.height);
}

import type { ImageDecoder } from '../../src/index';

/**
 * Decodes an image in the worker, without the page. The colours are the file's own (no profile is applied, as PIL
 * does it); photographs are turned upright as their EXIF says; transparent parts are white. Resizing is the browser's
 * high-quality filter, whose values differ by a few steps of 255 from PIL's antialiased bilinear.
 */
export const decodeImage: ImageDecoder = async (bytes, plan) => {
  const options = { colorSpaceConversion: 'none' } as const;
  const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]), options);
  try {
    const { scaledWidth, scaledHeight, left, top, width, height } = plan(image.width, image.height);
    const scaled = await createImageBitmap(image, {
      resizeWidth: scaledWidth,
      resizeHeight: scaledHeight,
      resizeQuality: 'high',
    });
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('internal: no 2D context in the worker.');
    context.fillStyle = 'white';
    context.fillRect(0, 0, width, height);
    context.drawImage(scaled, -left, -top);
    scaled.close();
    return { width, height, rgba: context.getImageData(0, 0, width, height).data };
  } finally {
    image.close();
  }
};

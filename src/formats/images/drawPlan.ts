import type { DrawPlan } from './imageDecoder';
import type { ImageSettings } from './imageSettings';

/** Python's `round`: halves go to the even neighbour. */
const roundHalfEven = (value: number): number => {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
};

/**
 * How an image of that size comes to the model's: stretched as a whole, or as torchvision's `Resize(shorterSide)`
 * (the longer side rounded down) and `CenterCrop([height, width])` do.
 */
export function drawPlan(settings: ImageSettings, imageWidth: number, imageHeight: number): DrawPlan {
  const { width, height, fit, shorterSide } = settings;
  if (fit === 'whole') return { scaledWidth: width, scaledHeight: height, left: 0, top: 0, width, height };
  const shorter = Math.min(imageWidth, imageHeight);
  const scaled = (side: number) => Math.floor((shorterSide * side) / shorter);
  const [scaledWidth, scaledHeight] = [scaled(imageWidth), scaled(imageHeight)];
  return {
    scaledWidth,
    scaledHeight,
    left: roundHalfEven((scaledWidth - width) / 2),
    top: roundHalfEven((scaledHeight - height) / 2),
    width,
    height,
  };
}

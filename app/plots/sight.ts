import type { Sight } from './figure/drawFigure';
import type { Extent } from './picture';

/*
 * Zoom and pan, without a plot. Extents may run downwards (rows of a matrix do).
 */

const WHEEL_RATE = 0.0016;

/** How much a turn of the wheel zooms: below 1 it brings closer. */
export const wheelFactor = (delta: number): number =>
  Math.exp(Math.max(-400, Math.min(400, delta)) * WHEEL_RATE);

/** The extent inside of the limits, with its size kept where that fits. */
function within([from, to]: Extent, [first, last]: Extent): Extent {
  const direction = last >= first ? 1 : -1;
  const [low, high] = direction > 0 ? [from, to] : [to, from];
  const [least, most] = direction > 0 ? [first, last] : [last, first];
  const size = Math.min(high - low, most - least);
  const start = Math.min(Math.max(low, least), most - size);
  return direction > 0 ? [start, start + size] : [start + size, start];
}

/** Zooms about a place, which stays where it is; not closer than to `least` units. */
export function zoomedExtent(
  extent: Extent,
  limits: Extent,
  at: number,
  factor: number,
  least: number,
): Extent {
  const [from, to] = extent;
  const size = Math.abs(to - from);
  const bounded = Math.max(factor, Math.min(1, least / size));
  return within([at + (from - at) * bounded, at + (to - at) * bounded], limits);
}

export const pannedExtent = ([from, to]: Extent, limits: Extent, by: number): Extent =>
  within([from + by, to + by], limits);

/** Brings a place into sight, with as little movement as does it. */
export function showing(extent: Extent, limits: Extent, at: number): Extent {
  const [low, high] = extent[0] <= extent[1] ? extent : [extent[1], extent[0]];
  if (at >= low && at <= high) return extent;
  return pannedExtent(extent, limits, at < low ? at - low : at - high);
}

export const isWhole = (sight: Sight, limits: Sight): boolean =>
  sight.x[0] === limits.x[0] &&
  sight.x[1] === limits.x[1] &&
  sight.y[0] === limits.y[0] &&
  sight.y[1] === limits.y[1];

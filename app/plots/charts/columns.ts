import type { Frame } from '../picture';

/*
 * One bar a column. Where a pixel holds several columns they are drawn as one, from the least to the largest of them: the
 * work on the canvas follows its width, not the number of columns.
 */

/** Of a bar: two columns need not fill the plot. */
const WIDEST = 36;

export const stepOf = (frame: Frame): number => frame.x(1) - frame.x(0);

/** Below this many pixels a column has no room for a narrow bar on a wide one. */
export const isDense = (frame: Frame): boolean => stepOf(frame) < 4;

/** Places in sight, with one more at each end. */
export function inSight(frame: Frame, count: number): readonly [number, number] {
  const [from, to] = frame.sight.x;
  return [Math.max(0, Math.floor(from)), Math.min(count - 1, Math.ceil(to))];
}

type Bound = (place: number) => number;
type Bar = (left: number, width: number, top: number, bottom: number) => void;

/** Calls back with each bar, in pixels; places without a finite bound leave gaps. */
export function eachBar(frame: Frame, count: number, low: Bound, high: Bound, bar: Bar): void {
  const step = stepOf(frame);
  if (step < 1) {
    eachPixel(frame, count, low, high, bar);
    return;
  }
  const width = Math.min(step < 4 ? step : step - Math.max(1, step * 0.2), WIDEST);
  const [first, last] = inSight(frame, count);
  for (let place = first; place <= last; place++) {
    const [bottom, top] = [frame.y(low(place)), frame.y(high(place))];
    if (Number.isFinite(bottom) && Number.isFinite(top)) bar(frame.x(place) - width / 2, width, top, bottom);
  }
}

function eachPixel(frame: Frame, count: number, low: Bound, high: Bound, bar: Bar): void {
  const [first, last] = inSight(frame, count);
  let [pixel, least, most] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const flush = () => {
    if (least <= most) bar(pixel, 1, frame.y(most), frame.y(least));
    [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  };
  for (let place = first; place <= last; place++) {
    const at = Math.floor(frame.x(place));
    if (at !== pixel) {
      flush();
      pixel = at;
    }
    const [bottom, top] = [low(place), high(place)];
    if (!Number.isFinite(bottom) || !Number.isFinite(top)) continue;
    if (bottom < least) least = bottom;
    if (top > most) most = top;
  }
  flush();
}

/** Fills the bars over a share of their width; thinner than a pixel still draws a pixel. */
export function fillBars(
  frame: Frame,
  count: number,
  low: Bound,
  high: Bound,
  colour: string,
  share: number,
): void {
  frame.ctx.fillStyle = colour;
  eachBar(frame, count, low, high, (left, width, top, bottom) => {
    const narrow = Math.max(1, width * share);
    frame.ctx.fillRect(left + (width - narrow) / 2, top, narrow, Math.max(1, bottom - top));
  });
}

/** Only the ends of the bars. */
export function markEnds(frame: Frame, count: number, low: Bound, high: Bound, colour: string): void {
  frame.ctx.fillStyle = colour;
  eachBar(frame, count, low, high, (left, width, top, bottom) => {
    frame.ctx.fillRect(left, top, Math.max(1, width), 1);
    frame.ctx.fillRect(left, bottom - 1, Math.max(1, width), 1);
  });
}

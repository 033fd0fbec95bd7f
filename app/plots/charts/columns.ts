import type { Frame } from '../picture';

/*
 * One bar a column. Where a pixel holds several columns they are drawn as one, from the least to the largest of them: the
 * work on the canvas follows its width, not the number of columns.
 */

/** Of a bar, in CSS pixels: two columns need not fill the plot. */
const WIDEST = 36;

export const stepOf = (frame: Frame): number => frame.x(1) - frame.x(0);

/** Below this many CSS pixels a column has no room for a narrow bar on a wide one. */
export const isDense = (frame: Frame): boolean => stepOf(frame) < 4 * frame.pixel;

/** Places in sight, with one more at each end. */
export function inSight(frame: Frame, count: number): readonly [number, number] {
  const [from, to] = frame.sight.x;
  return [Math.max(0, Math.floor(from)), Math.min(count - 1, Math.ceil(to))];
}

/** Where the bars begin and end, by place, in the units of the axis; what is not finite leaves a gap. */
export interface Bars {
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}
type Bar = (left: number, width: number, top: number, bottom: number) => void;

/** Calls back with each bar, in pixels. */
export function eachBar(frame: Frame, bars: Bars, bar: Bar): void {
  const step = stepOf(frame);
  if (step < 1) {
    eachPixel(frame, bars, bar);
    return;
  }
  const width = Math.min(isDense(frame) ? step : step - Math.max(1, step * 0.2), WIDEST * frame.pixel);
  const [first, last] = inSight(frame, bars.low.length);
  for (let place = first; place <= last; place++) {
    const [bottom, top] = [frame.y(at(bars.low, place)), frame.y(at(bars.high, place))];
    if (Number.isFinite(bottom) && Number.isFinite(top)) bar(frame.x(place) - width / 2, width, top, bottom);
  }
}

const at = (values: ArrayLike<number>, place: number): number => values[place] ?? Number.NaN;

function eachPixel(frame: Frame, { low, high }: Bars, bar: Bar): void {
  const [first, last] = inSight(frame, low.length);
  let [pixel, least, most] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const flush = () => {
    if (least <= most) bar(pixel, 1, frame.y(most), frame.y(least));
    [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  };
  for (let place = first; place <= last; place++) {
    const left = Math.floor(frame.x(place));
    if (left !== pixel) {
      flush();
      pixel = left;
    }
    const [bottom, top] = [at(low, place), at(high, place)];
    if (!Number.isFinite(bottom) || !Number.isFinite(top)) continue;
    if (bottom < least) least = bottom;
    if (top > most) most = top;
  }
  flush();
}

/** Fills the bars over a share of their width; thinner than a pixel still draws a pixel. */
export function fillBars(frame: Frame, bars: Bars, colour: string, share: number): void {
  frame.ctx.fillStyle = colour;
  eachBar(frame, bars, (left, width, top, bottom) => {
    const narrow = Math.max(1, width * share);
    frame.ctx.fillRect(left + (width - narrow) / 2, top, narrow, Math.max(1, bottom - top));
  });
}

/** Only the ends of the bars. */
export function markEnds(frame: Frame, bars: Bars, colour: string): void {
  const thick = frame.pixel;
  frame.ctx.fillStyle = colour;
  eachBar(frame, bars, (left, width, top, bottom) => {
    frame.ctx.fillRect(left, top, Math.max(1, width), thick);
    frame.ctx.fillRect(left, bottom - thick, Math.max(1, width), thick);
  });
}

/** Ranges before and after: both stay in sight, whichever is the wider. */
export function fillBoth(
  frame: Frame,
  before: Bars,
  after: Bars,
  colours: { readonly before: string; readonly after: string; readonly axis: string },
): void {
  fillBars(frame, before, colours.before, 1);
  fillBars(frame, after, colours.after, isDense(frame) ? 1 : 0.5);
  if (isDense(frame)) markEnds(frame, before, colours.axis);
}

/** A dot at each value; where a pixel has several, a line from their least to their largest. */
export function fillDots(frame: Frame, values: ArrayLike<number>, colour: string): void {
  const { ctx, pixel } = frame;
  ctx.fillStyle = colour;
  const step = stepOf(frame);
  if (step < 1) {
    const bars = { low: values, high: values };
    eachPixel(frame, bars, (left, width, top, bottom) =>
      ctx.fillRect(left, top - pixel / 2, width, Math.max(1.5 * pixel, bottom - top)),
    );
    return;
  }
  const radius = Math.min(4 * pixel, Math.max(pixel, step / 2));
  const [first, last] = inSight(frame, values.length);
  ctx.beginPath();
  for (let place = first; place <= last; place++) {
    const y = frame.y(at(values, place));
    if (!Number.isFinite(y)) continue;
    ctx.moveTo(frame.x(place) + radius, y);
    ctx.arc(frame.x(place), y, radius, 0, 2 * Math.PI);
  }
  ctx.fill();
}

import type { AxisSpec, Box, Extent, Frame, Pen, Picture, PlotColours } from '../picture';
import { roundValues } from '../ticks';

export const FONT = '11px system-ui, sans-serif';
/** Of that font: enough for digits, and for most words. */
const CHARACTER = 6.1;
const LABEL_HEIGHT = 15;
/** So much lies between two labels. */
const X_SPACE = 64;
const Y_SPACE = 24;

export const textWidth = (text: string): number => text.length * CHARACTER;

export function splitsOf({ splits }: AxisSpec, sight: Extent, most: number): readonly number[] {
  const [from, to] = sight[0] <= sight[1] ? sight : [sight[1], sight[0]];
  if (typeof splits === 'function') return splits([from, to], most);
  const places = splits ?? roundValues(from, to, most);
  return places.filter((place) => place >= from && place <= to);
}

export interface Axes {
  readonly box: Box;
  readonly xSplits: readonly number[];
  readonly ySplits: readonly number[];
}

/** The room that is left for the marks: labels of y at the left, of x below, the title of y above them. */
export function axesIn(outer: Box, { x, y }: Picture, sight: Frame['sight'], header: number): Axes {
  const isTitled = y.title !== '';
  const top = outer.top + header + (isTitled ? LABEL_HEIGHT : 6);
  const below = LABEL_HEIGHT + (x.title === '' ? 2 : LABEL_HEIGHT);
  const height = Math.max(1, outer.top + outer.height - below - top);
  const ySplits = splitsOf(y, sight.y, Math.max(2, Math.floor(height / Y_SPACE)));
  const widest = Math.max(0, ...ySplits.map((place) => textWidth(y.format(place))));
  const left = outer.left + Math.min(outer.width / 3, Math.max(18, widest + 8));
  const width = Math.max(1, outer.left + outer.width - 12 - left);
  const xSplits = splitsOf(x, sight.x, Math.max(2, Math.floor(width / X_SPACE)));
  return { box: { left, top, width, height }, xSplits, ySplits };
}

/** A number's place for a line of one pixel: canvas lines are sharp between pixels. */
const sharp = (place: number): number => Math.round(place - 0.5) + 0.5;

function line(ctx: Pen, fromX: number, fromY: number, toX: number, toY: number) {
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}

export function drawGrid(frame: Frame, { xSplits, ySplits }: Axes, colours: PlotColours): void {
  const { ctx, bbox } = frame;
  const [right, bottom] = [bbox.left + bbox.width, bbox.top + bbox.height];
  ctx.strokeStyle = colours.grid;
  ctx.lineWidth = 1;
  for (const place of xSplits) line(ctx, sharp(frame.x(place)), bbox.top, sharp(frame.x(place)), bottom);
  for (const place of ySplits) line(ctx, bbox.left, sharp(frame.y(place)), right, sharp(frame.y(place)));
}

/** Labels of x that would touch the one before are left out: names are longer than numbers. */
export function drawLabels(frame: Frame, picture: Picture, axes: Axes, colours: PlotColours): void {
  const { ctx, bbox } = frame;
  ctx.font = FONT;
  ctx.fillStyle = colours.axis;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'right';
  for (const place of axes.ySplits) ctx.fillText(picture.y.format(place), bbox.left - 5, frame.y(place));
  ctx.textBaseline = 'top';
  ctx.textAlign = 'center';
  let end = Number.NEGATIVE_INFINITY;
  for (const place of axes.xSplits) {
    const text = picture.x.format(place);
    const half = textWidth(text) / 2;
    const at = Math.min(Math.max(frame.x(place), half), bbox.left + bbox.width + 12 - half);
    if (at - half < end + 6) continue;
    end = at + half;
    ctx.fillText(text, at, bbox.top + bbox.height + 4);
  }
  if (picture.x.title !== '')
    ctx.fillText(picture.x.title, bbox.left + bbox.width / 2, bbox.top + bbox.height + 4 + LABEL_HEIGHT);
  if (picture.y.title === '') return;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  ctx.fillText(picture.y.title, Math.max(2, bbox.left - 5 - textWidth(picture.y.title)), bbox.top - 3);
}

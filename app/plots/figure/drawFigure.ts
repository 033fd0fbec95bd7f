import type { Box, Extent, Frame, LegendItem, Pen, Picture, PlotColours, RasterFrame } from '../picture';
import { axesIn, drawGrid, drawLabels, FONT, textWidth } from './axes';

/** What a figure is drawn on. */
export interface Ground {
  readonly ctx: Pen;
  raster: RasterFrame['raster'];
}
export type Sight = Frame['sight'];

export interface FigureOptions {
  /** Title and legend stand in the picture. */
  readonly headed?: boolean;
  /** What is in sight; all of a picture where nothing is said. */
  readonly sightOf?: (picture: Picture) => Sight;
}

const HEADER = 22;

export const wholeSight = ({ x, y }: Picture): Sight => ({ x: x.range, y: y.range });

const scaled =
  ([from, to]: Extent, start: number, length: number) =>
  (value: number): number =>
    start + ((value - from) / (to - from)) * length;

/** Pictures with a width of their own have it, the others share what is left. */
function boxesOf(pictures: readonly Picture[], width: number, height: number): readonly Box[] {
  const fixed = pictures.reduce((sum, picture) => sum + (picture.width ?? 0), 0);
  const sharing = pictures.filter((picture) => picture.width === undefined).length;
  const share = Math.max(1, (width - fixed) / Math.max(1, sharing));
  let left = 0;
  return pictures.map((picture) => {
    const box = { left, top: 0, width: picture.width ?? share, height };
    left += box.width;
    return box;
  });
}

function drawMark({ ctx }: Ground, { mark }: LegendItem, x: number, y: number) {
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  if (mark === 'disc' || mark === 'ring') ctx.arc(x + 5, y, 4, 0, 2 * Math.PI);
  if (mark === 'disc') ctx.fill();
  else if (mark === 'ring') ctx.stroke();
  else if (mark === 'bar') ctx.fillRect(x, y - 5, 10, 10);
  else if (mark === 'dashes') for (const at of [0, 6]) ctx.fillRect(x + at, y - 1, 4, 2);
  else ctx.fillRect(x, y - 1, 10, 2);
}

function drawHeader(ground: Ground, picture: Picture, outer: Box, colours: PlotColours) {
  const { ctx } = ground;
  const middle = outer.top + 11;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.font = `600 ${FONT}`;
  ctx.fillStyle = colours.ink;
  ctx.fillText(picture.title ?? '', outer.left + 6, middle);
  ctx.font = FONT;
  let right = outer.left + outer.width - 12;
  for (const item of (picture.legend ?? []).toReversed()) {
    const start = right - textWidth(item.label) - 16;
    ctx.fillStyle = colours[item.colour];
    ctx.strokeStyle = colours[item.colour];
    drawMark(ground, item, start, middle);
    ctx.fillStyle = colours.axis;
    ctx.fillText(item.label, start + 16, middle);
    right = start - 14;
  }
}

function drawPicture(
  ground: Ground,
  picture: Picture,
  outer: Box,
  colours: PlotColours,
  { headed = false, sightOf = wholeSight }: FigureOptions,
): Frame {
  const sight = sightOf(picture);
  const axes = axesIn(outer, picture, sight, headed ? HEADER : 0);
  const { left, top, width, height } = axes.box;
  const { ctx } = ground;
  const frame: RasterFrame = {
    ctx,
    pixel: 1,
    bbox: axes.box,
    sight,
    x: scaled(sight.x, left, width),
    y: scaled(sight.y, top + height, -height),
    raster: ground.raster,
  };
  if (headed) drawHeader(ground, picture, outer, colours);
  drawGrid(frame, axes, colours);
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  picture.draw(frame, colours);
  ctx.restore();
  drawLabels(frame, picture, axes, colours);
  return frame;
}

/** Draws pictures side by side; gives where each of them lies. */
export const drawFigure = (
  ground: Ground,
  pictures: readonly Picture[],
  size: { readonly width: number; readonly height: number },
  colours: PlotColours,
  options: FigureOptions = {},
): readonly Frame[] => {
  const boxes = boxesOf(pictures, size.width, size.height);
  return pictures.flatMap((picture, index) => {
    const box = boxes[index];
    return box === undefined ? [] : [drawPicture(ground, picture, box, colours, options)];
  });
};

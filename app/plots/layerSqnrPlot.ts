import { formatDb, formatGain } from '../panels/format';
import type { Frame, Pen } from './picture';
import { finiteExtent, type PlotColours, type PlotSpec, padded } from './spec';
import { shortNumber, wholeNumbers } from './ticks';

/** A layer's output in dB; null where it was not measured. */
export interface LayerPoint {
  readonly name: string;
  readonly plain: number | null;
  readonly equalized: number | null;
}

/** So many layers have their names on the axis; more are counted. */
const NAMED = 8;
const NAME_LENGTH = 16;

const shortName = (name: string): string =>
  name.length <= NAME_LENGTH ? name : `${name.slice(0, 6)}…${name.slice(-(NAME_LENGTH - 7))}`;

/** Neither a figure that is not known nor an infinite one has a place on the axis. */
const place = (value: number | null): number =>
  value !== null && Number.isFinite(value) ? value : Number.NaN;

type Mark = (ctx: Pen) => void;

/** Plain is a ring and equalized a disc: neither needs its colour to be told from the other. */
function drawDots(frame: Frame, values: Float64Array, radius: number, mark: Mark) {
  const { ctx } = frame;
  values.forEach((value, index) => {
    if (Number.isNaN(value)) return;
    ctx.beginPath();
    ctx.arc(frame.x(index), frame.y(value), radius, 0, 2 * Math.PI);
    mark(ctx);
  });
}

/** What equalization made of each layer: a line from plain to equalized, where both are known. */
function drawGains(frame: Frame, plain: Float64Array, equalized: Float64Array, { axis }: PlotColours) {
  const { ctx } = frame;
  ctx.strokeStyle = axis;
  ctx.lineWidth = frame.pixel;
  plain.forEach((from, index) => {
    const to = equalized[index] ?? Number.NaN;
    if (Number.isNaN(from) || Number.isNaN(to)) return;
    const x = frame.x(index);
    ctx.beginPath();
    ctx.moveTo(x, frame.y(from));
    ctx.lineTo(x, frame.y(to));
    ctx.stroke();
  });
}

/** SQNR of every layer's output in graph order, plain int8 and equalized. Null when nothing is known. */
export function layerSqnrPlot(points: readonly LayerPoint[]): PlotSpec | null {
  const plain = Float64Array.from(points, (point) => place(point.plain));
  const equalized = Float64Array.from(points, (point) => place(point.equalized));
  const extent = finiteExtent([plain, equalized]);
  if (extent === null) return null;
  const isNamed = points.length <= NAMED;
  const splits = isNamed ? points.map((_, index) => index) : wholeNumbers(points.length - 1, 12).splits;
  return {
    data: [Float64Array.from(points, (_, index) => index), plain],
    x: {
      title: isNamed ? '' : 'layer, in graph order',
      range: [-0.5, points.length - 0.5],
      format: (index) => (isNamed ? shortName(points[index]?.name ?? '') : String(index)),
      splits,
    },
    y: { title: 'dB', range: padded(extent, 0.12), format: shortNumber },
    draw: (frame, colours) => {
      const radius = (points.length > 120 ? 2 : 4) * frame.pixel;
      drawGains(frame, plain, equalized, colours);
      frame.ctx.strokeStyle = colours.axis;
      frame.ctx.lineWidth = 1.5 * frame.pixel;
      drawDots(frame, plain, radius, (ctx) => ctx.stroke());
      frame.ctx.fillStyle = colours.after;
      drawDots(frame, equalized, radius, (ctx) => ctx.fill());
    },
    describe: (index) => {
      const point = points[index];
      if (point === undefined) return '';
      const { name, plain, equalized } = point;
      return `${name}: ${formatDb(plain)} → ${formatDb(equalized)} dB (${formatGain(plain, equalized)})`;
    },
  };
}

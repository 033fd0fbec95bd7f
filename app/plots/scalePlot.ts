import { formatNumber } from '../panels/format';
import { fillDots } from './charts/columns';
import type { Frame } from './picture';
import { finiteExtent, type Overlay, type PlotSpec, padded } from './spec';
import { decades, powerOfTen, shortNumber, wholeNumbers } from './ticks';

/** Zero, negative and non-finite scales have no logarithm: they become NaN, a gap. */
const logOf = (value: number): number =>
  value > 0 && Number.isFinite(value) ? Math.log10(value) : Number.NaN;

export const logsOf = (scale: ArrayLike<number>): Float64Array => Float64Array.from(scale, logOf);

/** Axes for the scales of all columns over a range of log10. */
function scaleAxes(
  logs: Float64Array,
  range: readonly [number, number],
): Omit<PlotSpec, 'draw' | 'describe'> {
  const columns = logs.length;
  return {
    data: [Float64Array.from(logs, (_, column) => column), logs],
    x: {
      title: 'column',
      range: [-0.5, columns - 0.5],
      format: shortNumber,
      ...wholeNumbers(columns - 1, 6),
    },
    y: { title: 'scale', range, format: powerOfTen, splits: decades(range, 4) },
  };
}

function dot(frame: Frame, column: number, log: number, radius: number) {
  frame.ctx.beginPath();
  frame.ctx.arc(frame.x(column), frame.y(log), radius, 0, 2 * Math.PI);
}

/** The equalization scale of each input column, as dots on a log10 axis. Null when none is above zero. */
export function scalePlot(scale: Float32Array): PlotSpec | null {
  const logs = logsOf(scale);
  const extent = finiteExtent([logs]);
  if (extent === null) return null;
  return {
    ...scaleAxes(logs, padded(extent, 0.12)),
    draw: (frame, { after }) => fillDots(frame, logs, after),
    describe: (column) => `column ${column}: ${formatNumber(scale[column])}`,
  };
}

/** Room to drag a mark to, above and below: at least a factor of 3. */
const ROOM = Math.log10(3);

/** The range of an axis for scales to be edited; those set meanwhile may lie beyond it, and widen it. */
export function editRange(logs: Float64Array, drafts: Iterable<number>): readonly [number, number] {
  const [least, most] = finiteExtent([logs]) ?? [0, 0];
  const room = Math.max(ROOM, (most - least) * 0.2);
  let [low, high] = [least - room, most + room];
  for (const draft of drafts) {
    const log = logOf(draft);
    if (log <= low) low = log - room;
    if (log >= high) high = log + room;
  }
  return [low, high];
}

/** The axes alone: the marks move while the plot stands, so they are an overlay. */
export function editablePlot(scale: ArrayLike<number>, low: number, high: number): PlotSpec {
  return {
    ...scaleAxes(logsOf(scale), [low, high]),
    draw: () => {},
    describe: (column) => `column ${column}: ${formatNumber(scale[column])}`,
  };
}

/** What is marked in a plot of scales that the user edits. */
export interface ScaleMarks {
  readonly scale: ArrayLike<number>;
  readonly byHand: ReadonlySet<number>;
  /** Scales that are not set yet, by column. */
  readonly drafts: ReadonlyMap<number, number>;
  readonly selected: number;
}

/** A dot a column, a diamond for one set by hand, hollow while it is not set yet; a line at the selected column. */
export function scaleMarks({ scale, byHand, drafts, selected }: ScaleMarks): Overlay {
  const logs = logsOf(scale);
  const marked = new Set([...byHand, ...drafts.keys()]);
  const plain = logs.map((log, column) => (marked.has(column) ? Number.NaN : log));
  return (frame, colours) => {
    const { ctx, pixel, bbox } = frame;
    ctx.fillStyle = colours.axis;
    ctx.fillRect(frame.x(selected) - pixel / 2, bbox.top, pixel, bbox.height);
    fillDots(frame, plain, colours.after);
    if (!Number.isNaN(plain[selected] ?? Number.NaN)) {
      dot(frame, selected, plain[selected] ?? 0, 4 * pixel);
      ctx.fill();
    }
    ctx.lineWidth = 1.5 * pixel;
    ctx.strokeStyle = colours.hand;
    ctx.fillStyle = colours.hand;
    for (const column of marked) {
      const draft = drafts.get(column);
      const log = draft === undefined ? (logs[column] ?? Number.NaN) : logOf(draft);
      if (Number.isNaN(log)) continue;
      diamond(frame, column, log, 4 * pixel);
      if (draft === undefined) ctx.fill();
      else ctx.stroke();
    }
  };
}

function diamond(frame: Frame, column: number, log: number, radius: number) {
  const [x, y] = [frame.x(column), frame.y(log)];
  frame.ctx.beginPath();
  frame.ctx.moveTo(x, y - radius);
  frame.ctx.lineTo(x + radius, y);
  frame.ctx.lineTo(x, y + radius);
  frame.ctx.lineTo(x - radius, y);
  frame.ctx.closePath();
}

import type { Frame, Picture } from '../plots/picture';
import { decades, powerOfTen, wholeNumbers } from '../plots/ticks';

export interface RatioPoint {
  readonly name: string;
  /** Before and after; null where it is not known. */
  readonly ratio: readonly [number, number | null] | null;
}

/** Layers up to this number stand on the axis by name. */
const NAMED = 8;

const logOf = (value: number | null | undefined): number =>
  value === null || value === undefined || !Number.isFinite(value) || value < 1
    ? Number.NaN
    : Math.log10(value);

function drawBars(frame: Frame, logs: readonly number[], colour: string, share: number) {
  const step = frame.x(1) - frame.x(0);
  const width = Math.max(0.5, Math.min(36 * frame.pixel, step * 0.8) * share);
  frame.ctx.fillStyle = colour;
  logs.forEach((log, index) => {
    if (Number.isNaN(log)) return;
    const top = frame.y(log);
    // A ratio of 1 is a line, not nothing.
    frame.ctx.fillRect(frame.x(index) - width / 2, top - 1, width, Math.max(1, frame.y(0) - top + 1));
  });
}

/** One bar a layer on a log axis, before and after equalization. Null when no ratio is known. */
export function ratioPicture(points: readonly RatioPoint[], title: string): Picture | null {
  const before = points.map(({ ratio }) => logOf(ratio?.[0]));
  const after = points.map(({ ratio }) => logOf(ratio?.[1]));
  const known = [...before, ...after].filter((log) => !Number.isNaN(log));
  if (known.length === 0) return null;
  const most = known.reduce((a, b) => Math.max(a, b), 0.1);
  const isNamed = points.length <= NAMED;
  return {
    title,
    legend: [
      { label: 'before', mark: 'bar', colour: 'before' },
      { label: 'after', mark: 'bar', colour: 'after' },
    ],
    x: {
      title: isNamed ? '' : 'layer, in graph order',
      range: [-0.5, points.length - 0.5],
      format: (index) => (isNamed ? (points[index]?.name ?? '') : String(index)),
      splits: isNamed ? points.map((_, index) => index) : wholeNumbers(points.length - 1, 12).splits,
    },
    y: { title: 'ratio', range: [0, most * 1.12], format: powerOfTen, splits: (sight) => decades(sight) },
    draw: (frame, colours) => {
      drawBars(frame, before, colours.before, 1);
      drawBars(frame, after, colours.after, 0.5);
    },
  };
}

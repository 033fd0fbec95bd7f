import { describe, expect, it } from 'vitest';
import { LIGHT_COLOURS, type Pen } from '../picture';
import { rangePlot } from '../rangePlot';
import { scalePlot } from '../scalePlot';
import { svgOf } from '../svg/svgOf';
import { SvgPen } from '../svg/svgPen';
import type { Chart } from './chart';
import { rangeChart } from './rangeChart';
import { scaleChart } from './scaleChart';

const COLUMNS = 10_000;
const WIDTH = 800;
const wave = (phase: number) =>
  Float32Array.from({ length: COLUMNS }, (_, column) => 1 + Math.sin(column * 0.7 + phase));
const RANGES = {
  before: { min: wave(0).map((value) => -value), max: wave(1) },
  after: { min: wave(2).map((value) => -value), max: wave(3) },
};

/** How often a chart asks the canvas to draw. */
function strokesOf({ x, y, draw }: Pick<Chart, 'x' | 'y' | 'draw'>, sight = x.range): number {
  let count = 0;
  const pen: Pen = Object.assign(new SvgPen(), { fillRect: () => count++, arc: () => count++ });
  const scaled = (extent: readonly [number, number], length: number) => (value: number) =>
    ((value - extent[0]) / (extent[1] - extent[0])) * length;
  draw(
    {
      ctx: pen,
      pixel: 1,
      bbox: { left: 0, top: 0, width: WIDTH, height: 200 },
      sight: { x: sight, y: y.range },
      x: scaled(sight, WIDTH),
      y: scaled(y.range, 200),
      raster: () => undefined,
    },
    LIGHT_COLOURS,
  );
  return count;
}

function must<T>(value: T | null): T {
  if (value === null) throw new Error('10,000 columns make a plot');
  return value;
}

describe('10,000 columns', () => {
  const options = { log: true, sort: 'order' } as const;

  it.each([
    ['ranges', must(rangeChart('Input range', RANGES, options))],
    ['scales', must(scaleChart(wave(0.5), options))],
    ['ranges in the inspector', must(rangePlot(RANGES))],
    ['scales in the inspector', must(scalePlot(wave(0.5)))],
  ])('are drawn in strokes that follow the width of the canvas, zoomed out and in: %s', (_, chart) => {
    // Bars before and after, and both ends of those before.
    expect(strokesOf(chart)).toBeLessThanOrEqual(4 * (WIDTH + 2));
    expect(strokesOf(chart, [4000, 4100])).toBeLessThanOrEqual(4 * 104);
  });

  it('make a report of no more than that', () => {
    const svg = svgOf(must(rangePlot(RANGES)), { width: 480, height: 200 }, LIGHT_COLOURS);
    expect(svg.length).toBeLessThan(120_000);
  });
});

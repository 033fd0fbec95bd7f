import { type RefObject, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { usePageColours } from '../usePageColours';
import { plotColours } from './picture';
import type { AxisSpec, Overlay, PlotColours, PlotSpec } from './spec';
import { frameOf } from './uplotFrame';

const FONT = '10px system-ui, sans-serif';

const axis = (
  { title, format, splits }: AxisSpec,
  colours: PlotColours,
  size: number,
  space: number,
): uPlot.Axis => ({
  font: FONT,
  size,
  space,
  gap: 3,
  label: title,
  labelFont: FONT,
  labelSize: 12,
  labelGap: 0,
  stroke: colours.axis,
  grid: { stroke: colours.grid, width: 1 },
  ticks: { show: false },
  values: (_, values) => values.map(format),
  ...(splits === undefined ? {} : { splits: splitsOf(splits) }),
});

/** As many labels as an axis of the inspector has room for. */
const MOST_LABELS = 6;

const splitsOf = (splits: NonNullable<AxisSpec['splits']>): uPlot.Axis.Splits =>
  typeof splits === 'function'
    ? (_plot, _axis, from, to) => [...splits([from, to], MOST_LABELS)]
    : [...splits];

const scale = ({ range: [from, to] }: AxisSpec): uPlot.Scale => ({ time: false, range: [from, to] });

/** uPlot gives axes, scales and the cursor; the marks are the spec's own. */
function optionsOf(
  spec: PlotSpec,
  colours: PlotColours,
  size: { readonly width: number; readonly height: number },
  overlay: () => Overlay | null,
  onPoint: (text: string | null) => void,
): uPlot.Options {
  return {
    ...size,
    legend: { show: false },
    padding: [4, 12, 0, 0],
    scales: { x: scale(spec.x), y: scale(spec.y) },
    axes: [axis(spec.x, colours, 16, 46), axis(spec.y, colours, 36, 20)],
    series: [{}, { paths: () => null, points: { show: false } }],
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    hooks: {
      draw: [
        (plot) => {
          const { left, top, width, height } = plot.bbox;
          plot.ctx.save();
          plot.ctx.beginPath();
          plot.ctx.rect(left, top, width, height);
          plot.ctx.clip();
          const frame = frameOf(plot);
          spec.draw(frame, colours);
          overlay()?.(frame, colours);
          plot.ctx.restore();
        },
      ],
      setCursor: [
        ({ cursor }) => {
          const pointed = cursor.left !== undefined && cursor.left >= 0 ? cursor.idx : null;
          onPoint(pointed === null || pointed === undefined ? null : spec.describe(pointed));
        },
      ],
    },
  };
}

interface PlotWish {
  readonly spec: PlotSpec;
  readonly width: number;
  readonly height: number;
  readonly overlay: Overlay | null;
  readonly onPoint: (text: string | null) => void;
  /** Called with the mark that is clicked. */
  readonly onPick: ((index: number) => void) | undefined;
}

/** Keeps a uPlot in an element: built anew for another spec, size or colour scheme, drawn again for another overlay. */
export function usePlot(wish: PlotWish): {
  readonly host: RefObject<HTMLDivElement | null>;
  readonly plot: RefObject<uPlot | null>;
} {
  const { spec, width, height, overlay, onPoint, onPick } = wish;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const drawn = useRef(overlay);
  const scheme = usePageColours();
  drawn.current = overlay;
  useEffect(() => {
    if (host.current === null || width === 0 || scheme === undefined) return;
    const colours = plotColours(host.current);
    const options = optionsOf(spec, colours, { width, height }, () => drawn.current, onPoint);
    const made = new uPlot(options, spec.data, host.current);
    plot.current = made;
    made.over.addEventListener('click', () => {
      const { idx } = made.cursor;
      if (idx !== null && idx !== undefined) onPick?.(idx);
    });
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [spec, width, height, scheme, onPoint, onPick]);
  const painted = useRef<Overlay | null>(null);
  useEffect(() => {
    if (overlay !== painted.current) plot.current?.redraw(false, false);
    painted.current = overlay;
  }, [overlay]);
  return { host, plot };
}

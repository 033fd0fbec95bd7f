import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useId, useRef, useState } from 'react';
import uPlot from 'uplot';
import { type AxisSpec, type PlotColours, type PlotSpec, plotColours } from './spec';

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
  ...(splits === undefined ? {} : { splits: [...splits] }),
});

const scale = ({ range: [from, to] }: AxisSpec): uPlot.Scale => ({ time: false, range: [from, to] });

/** uPlot gives axes, scales and the cursor; the marks are the spec's own. */
function optionsOf(
  spec: PlotSpec,
  colours: PlotColours,
  size: { readonly width: number; readonly height: number },
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
          spec.draw(plot, colours);
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

interface PlotProps {
  readonly title: string;
  /** The plot in a few words, said beside the title: `ratio 48 → 3.2`. */
  readonly caption: string;
  /** Explains the caption. */
  readonly captionTitle?: string;
  readonly spec: PlotSpec;
  readonly height?: number;
  /** Called with the mark that is clicked; whatever it does must be in reach of the keyboard elsewhere. */
  readonly onPick?: (index: number) => void;
}

/** A plot on canvas with its title and caption, in the theme's colours. */
export function Plot(props: PlotProps) {
  const { title, caption, captionTitle = caption, spec, height = 106, onPick } = props;
  const { ref: sized, width } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const [pointed, setPointed] = useState<string | null>(null);
  const name = useId();
  useEffect(() => {
    if (host.current === null || width === 0 || scheme === undefined) return;
    const options = optionsOf(spec, plotColours(host.current), { width, height }, setPointed);
    const plot = new uPlot(options, spec.data, host.current);
    plot.over.addEventListener('click', () => {
      const { idx } = plot.cursor;
      if (idx !== null && idx !== undefined) onPick?.(idx);
    });
    return () => plot.destroy();
  }, [spec, width, height, scheme, onPick]);
  return (
    <figure className={onPick === undefined ? 'plot' : 'plot pickable'} ref={sized} aria-labelledby={name}>
      <figcaption id={name}>
        <b>{title}</b> <span title={captionTitle}>{caption}</span>
      </figcaption>
      {pointed !== null && (
        <p className="plot-pointed" aria-hidden>
          {pointed}
        </p>
      )}
      <div ref={host} className="plot-canvas" style={{ height }} />
    </figure>
  );
}

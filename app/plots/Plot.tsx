import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, type RefObject, useId, useState } from 'react';
import type uPlot from 'uplot';
import { useStudio } from '../store/context';
import type { PlotKind } from '../store/studio';
import type { Overlay, PlotSpec } from './spec';
import { usePlot } from './usePlot';

/** A place in a plot in the units of its axes, and what a pixel is there. */
export interface PlotPlace {
  readonly x: number;
  readonly y: number;
  readonly xPerPixel: number;
  readonly yPerPixel: number;
}

/** Makes a plot editable: a slider to the keyboard and to screen readers, marks to be dragged to the pointer. */
export interface PlotEdit {
  readonly label: string;
  readonly value: number;
  /** What is said of the value: `column 3: 0.42`. */
  readonly valueText: string;
  onPointer(phase: 'down' | 'move' | 'up' | 'cancel', place: PlotPlace): void;
  onKeyDown(event: KeyboardEvent<HTMLElement>): void;
}

interface PlotProps {
  readonly title: string;
  /** The plot in a few words, said beside the title: `ratio 48 → 3.2`. */
  readonly caption: string;
  /** Explains the caption. */
  readonly captionTitle?: string;
  readonly spec: PlotSpec;
  readonly height?: number;
  readonly overlay?: Overlay | null;
  /** Which plot of the tab Plots shows this one with room; none without it. */
  readonly enlarged?: PlotKind;
  readonly edit?: PlotEdit;
  /** Called with the mark that is clicked; whatever it does must be in reach of the keyboard elsewhere. */
  readonly onPick?: (index: number) => void;
}

function placeOf(plot: uPlot, { clientX, clientY }: PointerEvent): PlotPlace {
  const box = plot.over.getBoundingClientRect();
  const [left, top] = [clientX - box.left, clientY - box.top];
  const [x, y] = [plot.posToVal(left, 'x'), plot.posToVal(top, 'y')];
  return {
    x,
    y,
    xPerPixel: plot.posToVal(left + 1, 'x') - x,
    yPerPixel: plot.posToVal(top - 1, 'y') - y,
  };
}

/** The pointer is held while it is down, so that a drag may leave the plot. */
function editProps(
  { label, value, valueText, onPointer, onKeyDown }: PlotEdit,
  plot: RefObject<uPlot | null>,
) {
  const tell = (phase: 'down' | 'move' | 'up' | 'cancel') => (event: PointerEvent<HTMLElement>) => {
    if (plot.current === null || event.button > 0) return;
    if (phase === 'down') event.currentTarget.setPointerCapture(event.pointerId);
    onPointer(phase, placeOf(plot.current, event));
  };
  return {
    role: 'slider',
    tabIndex: 0,
    'aria-label': label,
    'aria-valuenow': value,
    'aria-valuetext': valueText,
    'aria-orientation': 'vertical' as const,
    onPointerDown: tell('down'),
    onPointerMove: tell('move'),
    onPointerUp: tell('up'),
    onPointerCancel: tell('cancel'),
    onKeyDown,
  };
}

function Enlarge({ title, kind }: { readonly title: string; readonly kind: PlotKind }) {
  const enlarge = useStudio((studio) => studio.enlargePlot);
  return (
    <button
      type="button"
      className="plot-enlarge"
      aria-label={`Enlarge ${title}`}
      title="Enlarge: in the tab Plots"
      onClick={() => enlarge(kind)}
    >
      <span aria-hidden>⤢</span>
    </button>
  );
}

/** A plot on canvas with its title and caption, in the theme's colours. */
export function Plot(props: PlotProps) {
  const { title, caption, captionTitle, spec, height = 106, overlay = null, edit, onPick, enlarged } = props;
  const { ref: sized, width } = useElementSize();
  const [pointed, setPointed] = useState<string | null>(null);
  const { host, plot } = usePlot({ spec, width, height, overlay, onPoint: setPointed, onPick });
  const name = useId();
  return (
    <figure className={onPick === undefined ? 'plot' : 'plot pickable'} ref={sized} aria-labelledby={name}>
      <figcaption id={name}>
        <b>{title}</b> <span title={[caption, captionTitle].filter(Boolean).join(': ')}>{caption}</span>
        {enlarged !== undefined && <Enlarge title={title} kind={enlarged} />}
      </figcaption>
      {pointed !== null && (
        <p className="plot-pointed" aria-hidden>
          {pointed}
        </p>
      )}
      <div
        ref={host}
        className={edit === undefined ? 'plot-canvas' : 'plot-canvas editable'}
        style={{ height }}
        {...(edit === undefined ? {} : editProps(edit, plot))}
      />
    </figure>
  );
}

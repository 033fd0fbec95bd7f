import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react';
import { usePageColours } from '../../usePageColours';
import type { Sight } from '../figure/drawFigure';
import { type Frame, type Picture, type PlotColours, plotColours } from '../picture';
import { paintFigure, type Size } from './paintFigure';
import { type Place, useGestures, zoomedSight } from './useGestures';

interface FigureCanvasProps {
  /** Says what the plot is: `Input range per column of fc1`. */
  readonly label: string;
  readonly pictures: readonly Picture[];
  readonly sight: Sight;
  readonly limits: Sight;
  readonly both: boolean;
  /** The mark that the keys move; -1 for none. */
  readonly mark: number;
  readonly marks: number;
  /** What is said of it. */
  readonly markText: string;
  /** Where it is, for zooming by keys. */
  readonly markPlace: Place | null;
  readonly over: (frame: Frame, colours: PlotColours) => void;
  readonly onSight: (sight: Sight) => void;
  readonly onPoint: (place: Place | null) => void;
  readonly onPick: (place: Place) => void;
  /** Moves the mark by columns and rows; infinite to an end. */
  readonly onMove: (columns: number, rows: number) => void;
  readonly onSize?: (size: Size) => void;
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  Home: [Number.NEGATIVE_INFINITY, 0],
  End: [Number.POSITIVE_INFINITY, 0],
};
const FASTER = 10;
const KEY_ZOOM = 0.7;

const middle = ({ x, y }: Sight): Place => ({ x: (x[0] + x[1]) / 2, y: (y[0] + y[1]) / 2 });

/** The keys of a plot; those that it takes go no further, since others stand for the graph. */
function useKeys(props: FigureCanvasProps) {
  const { sight, limits, both, markPlace, onSight, onMove, onPick } = props;
  const zoom = (factor: number) =>
    onSight(zoomedSight({ sight, limits, both }, markPlace ?? middle(sight), factor));
  const others: Readonly<Record<string, () => void>> = {
    '+': () => zoom(KEY_ZOOM),
    '=': () => zoom(KEY_ZOOM),
    '-': () => zoom(1 / KEY_ZOOM),
    '0': () => onSight(limits),
    Enter: () => markPlace !== null && onPick(markPlace),
  };
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    const other = others[event.key];
    if (step === undefined && other === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const speed = event.shiftKey ? FASTER : 1;
    if (step !== undefined) onMove(step[0] * speed, step[1] * speed);
    else other?.();
  };
}

/** Pictures on canvas that are zoomed, panned and pointed at, by pointer and by keys. */
export function FigureCanvas(props: FigureCanvasProps) {
  const {
    pictures,
    sight,
    limits,
    both,
    over,
    onSight,
    onPoint,
    onPick,
    onSize,
    label,
    mark,
    marks,
    markText,
  } = props;
  const { ref, width, height } = useElementSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  const frames = useRef<readonly Frame[]>([]);
  const scheme = usePageColours();
  useEffect(() => {
    if (width > 0 && height > 0) onSize?.({ width, height });
  }, [width, height, onSize]);
  useLayoutEffect(() => {
    if (canvas.current === null || width === 0 || height === 0 || scheme === undefined) return;
    const colours = plotColours(canvas.current);
    const painted = paintFigure(canvas.current, pictures, { width, height }, colours, {
      ratio: devicePixelRatio,
      sightOf: (picture) =>
        picture.width === undefined ? sight : { x: picture.x.range, y: picture.y.range },
      over: (frame, drawn, picture) => {
        if (picture.width === undefined) over(frame, drawn);
      },
    });
    frames.current = painted.filter((_, index) => pictures[index]?.width === undefined);
  }, [pictures, width, height, sight, over, scheme]);
  const host = useRef<HTMLDivElement>(null);
  const { selection, handlers } = useGestures({
    host,
    frames,
    sight,
    limits,
    both,
    onSight,
    onPoint,
    onPick,
  });
  const onKeyDown = useKeys(props);
  return (
    <div className="figure" ref={ref}>
      <div
        className="figure-hold"
        ref={host}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, marks - 1)}
        aria-valuenow={Math.max(0, mark)}
        aria-valuetext={markText === '' ? 'nothing pointed at: arrow keys point' : markText}
        onKeyDown={onKeyDown}
        onDoubleClick={() => onSight(limits)}
        {...handlers}
      >
        <canvas ref={canvas} style={{ width, height }} />
        {selection !== null && <div className="figure-selection" style={{ ...selection }} />}
      </div>
    </div>
  );
}

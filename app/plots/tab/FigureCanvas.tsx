import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import type { Frame, Picture, PlotColours } from '../picture';
import type { Size } from './paintFigure';
import { type FigureKeys, useFigureKeys } from './useFigureKeys';
import { useFigurePaint } from './useFigurePaint';
import { type Place, useGestures } from './useGestures';

interface FigureCanvasProps extends FigureKeys {
  /** Says what the plot is: `Input range per column of fc1`. */
  readonly label: string;
  readonly pictures: readonly Picture[];
  /** The mark that the keys move; -1 for none. */
  readonly mark: number;
  readonly marks: number;
  /** What is said of it. */
  readonly markText: string;
  /** Drawn over the marks of every picture that can be pointed at. */
  readonly over: (frame: Frame, colours: PlotColours) => void;
  readonly onPoint: (place: Place | null) => void;
  readonly onSize?: (size: Size) => void;
}

/** What the drawing is to the keyboard and to screen readers: a slider over its marks. */
const sliderProps = ({ label, marks, markText }: FigureCanvasProps) => ({
  'aria-label': label,
  'aria-valuemin': 0,
  'aria-valuemax': Math.max(0, marks - 1),
  'aria-valuetext': markText === '' ? 'nothing pointed at: arrow keys point' : markText,
});

/** Pictures on canvas that are zoomed, panned and pointed at, by pointer and by keys. */
export function FigureCanvas(props: FigureCanvasProps) {
  const { limits, onSight, onSize } = props;
  const { ref, width, height } = useElementSize();
  useEffect(() => {
    if (width > 0 && height > 0) onSize?.({ width, height });
  }, [width, height, onSize]);
  const { figure, above, frames } = useFigurePaint({ ...props, width, height });
  const host = useRef<HTMLDivElement>(null);
  const { selection, handlers } = useGestures({ ...props, host, frames });
  const onKeyDown = useFigureKeys(props);
  return (
    <div className="figure" ref={ref}>
      <div
        className="figure-hold"
        ref={host}
        role="slider"
        tabIndex={0}
        aria-valuenow={Math.max(0, props.mark)}
        {...sliderProps(props)}
        onKeyDown={onKeyDown}
        onDoubleClick={() => onSight(limits)}
        {...handlers}
      >
        <canvas ref={figure} style={{ width, height }} />
        <canvas ref={above} className="figure-above" style={{ width, height }} />
        {selection !== null && <div className="figure-selection" style={{ ...selection }} />}
      </div>
    </div>
  );
}

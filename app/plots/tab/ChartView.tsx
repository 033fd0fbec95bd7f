import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Chart } from '../charts/chart';
import type { Sight } from '../figure/drawFigure';
import type { Frame, PlotColours } from '../picture';
import { isWhole, showing } from '../sight';
import { FigureCanvas } from './FigureCanvas';
import type { Place } from './useGestures';

interface ChartViewProps {
  readonly chart: Chart;
  /** Says whose plot it is. */
  readonly label: string;
  readonly sight: Sight;
  readonly onSight: (sight: Sight) => void;
  readonly onPick: (mark: number) => void;
}

const limitsOf = ({ x, y }: Chart): Sight => ({ x: x.range, y: y.range });

/** A line through the pointed mark. */
const pointer =
  (at: number | null) =>
  (frame: Frame, { ink }: PlotColours) => {
    if (at === null) return;
    frame.ctx.fillStyle = ink;
    frame.ctx.globalAlpha = 0.55;
    frame.ctx.fillRect(Math.round(frame.x(at)) - 0.5, frame.bbox.top, 1, frame.bbox.height);
    frame.ctx.globalAlpha = 1;
  };

/** A chart with its pointed mark and what is said of it. */
export function ChartView({ chart, label, sight, onSight, onPick }: ChartViewProps) {
  const [mark, setMark] = useState<number | null>(null);
  const known = mark === null || mark >= chart.marks ? null : mark;
  const limits = useMemo(() => limitsOf(chart), [chart]);
  const pictures = useMemo(() => [chart], [chart]);
  const at = known === null ? null : chart.placeOf(known);
  const over = useMemo(() => pointer(at), [at]);
  const move = (columns: number) => {
    const first = chart.markAt(Math.max(sight.x[0], limits.x[0]));
    const next = Math.min(chart.marks - 1, Math.max(0, known === null ? first : known + columns));
    setMark(next);
    onSight({ ...sight, x: showing(sight.x, limits.x, chart.placeOf(next)) });
  };
  const text = known === null ? '' : chart.describe(known);
  return (
    <>
      <FigureCanvas
        label={label}
        pictures={pictures}
        sight={sight}
        limits={limits}
        both={false}
        mark={known ?? -1}
        marks={chart.marks}
        markText={text}
        markPlace={at === null ? null : { x: at, y: 0 }}
        over={over}
        onSight={onSight}
        onPoint={(place) => setMark(place === null ? null : chart.markAt(place.x))}
        onPick={({ x }) => {
          setMark(chart.markAt(x));
          onPick(chart.markAt(x));
        }}
        onMove={move}
      />
      <p className="figure-text">{text || 'Point at the plot, or focus it and use ← →'}</p>
    </>
  );
}

/** What is in sight, until another plot is shown. */
export function useSight(limits: Sight | null, key: string): [Sight | null, (sight: Sight) => void, boolean] {
  const [held, setHeld] = useState<{ readonly key: string; readonly sight: Sight } | null>(null);
  const current = limits === null ? null : held?.key === key ? held.sight : limits;
  const latest = useRef(key);
  latest.current = key;
  const set = useCallback((sight: Sight) => setHeld({ key: latest.current, sight }), []);
  useEffect(() => () => setHeld(null), []);
  const isZoomed = limits !== null && current !== null && !isWhole(current, limits);
  return [current, set, isZoomed];
}

export type { Place };

import { useCallback, useEffect, useMemo, useState } from 'react';
import type { WeightMap } from '../../../src/index';
import { useStudio } from '../../store/context';
import type { Sight } from '../figure/drawFigure';
import { describeCell, heatPictures } from '../heat';
import type { Frame, PlotColours } from '../picture';
import { showing } from '../sight';
import { FigureCanvas } from './FigureCanvas';
import type { Size } from './paintFigure';

interface HeatViewProps {
  readonly map: WeightMap | null;
  readonly label: string;
  readonly sight: Sight | null;
  readonly onSight: (sight: Sight) => void;
}
interface Entry {
  readonly row: number;
  readonly column: number;
}

/** A frame around the pointed entry, on all three maps. */
const pointer =
  (entry: Entry | null) =>
  (frame: Frame, { ink }: PlotColours) => {
    if (entry === null) return;
    const { ctx } = frame;
    const [left, top] = [frame.x(entry.column), frame.y(entry.row)];
    const width = Math.max(5, frame.x(entry.column + 1) - left);
    const height = Math.max(5, frame.y(entry.row + 1) - top);
    ctx.strokeStyle = ink;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.stroke();
  };

const bounded = (value: number, length: number): number => Math.min(length - 1, Math.max(0, value));

/** Fetches what is in sight, in as many cells as there are pixels. */
function useCells(sight: Sight | null, size: Size | null) {
  const load = useStudio((studio) => studio.loadWeightMap);
  const details = useStudio((studio) => studio.details);
  const [x0, x1, y0, y1] = sight === null ? [0, 0, 0, 0] : [...sight.x, ...sight.y];
  const isAll = sight === null;
  useEffect(() => {
    if (size === null || details?.layer == null) return;
    const cells = { rows: Math.round(size.height), columns: Math.round(size.width / 3) };
    const window = isAll ? null : { rows: [y1, y0] as const, columns: [x0, x1] as const };
    // While the wheel turns, the cells that are there are stretched.
    const timer = setTimeout(() => void load(window, cells), isAll ? 0 : 80);
    return () => clearTimeout(timer);
  }, [load, details, size, isAll, x0, x1, y0, y1]);
}

/** A layer's weight before, after, and what changed. */
export function HeatView({ map, label, sight, onSight }: HeatViewProps) {
  const [entry, setEntry] = useState<Entry | null>(null);
  const [size, setSize] = useState<Size | null>(null);
  useCells(sight, size);
  const onSize = useCallback((next: Size) => setSize(next), []);
  const pictures = useMemo(() => (map === null ? [] : heatPictures(map)), [map]);
  const over = useMemo(() => pointer(entry), [entry]);
  const limits: Sight = { x: [0, map?.columns ?? 1], y: [map?.rows ?? 1, 0] };
  const current = sight ?? limits;
  const text = map === null || entry === null ? '' : describeCell(map, entry.row, entry.column);
  const move = (columns: number, rows: number) => {
    if (map === null) return;
    const from = entry ?? { row: Math.ceil(current.y[1]), column: Math.ceil(current.x[0]) };
    const [stepX, stepY] = entry === null ? [0, 0] : [columns, rows];
    const next = {
      row: bounded(from.row + stepY, map.rows),
      column: bounded(from.column + stepX, map.columns),
    };
    setEntry(next);
    const x = showing(showing(current.x, limits.x, next.column), limits.x, next.column + 1);
    const y = showing(showing(current.y, limits.y, next.row), limits.y, next.row + 1);
    if (sight !== null) onSight({ x, y });
  };
  return (
    <>
      <FigureCanvas
        label={label}
        pictures={pictures}
        sight={current}
        limits={limits}
        both
        mark={entry === null || map === null ? -1 : entry.row * map.columns + entry.column}
        marks={map === null ? 1 : map.rows * map.columns}
        markText={text}
        markPlace={entry === null ? null : { x: entry.column + 0.5, y: entry.row + 0.5 }}
        over={over}
        onSight={onSight}
        onSize={onSize}
        onPoint={(place) =>
          setEntry(
            place === null || map === null
              ? null
              : {
                  row: bounded(Math.floor(place.y), map.rows),
                  column: bounded(Math.floor(place.x), map.columns),
                },
          )
        }
        onPick={() => undefined}
        onMove={move}
      />
      <p className="figure-text">
        {text ||
          'Each cell has the entry of largest magnitude in it, with its sign. Point at one, or use the arrow keys'}
      </p>
    </>
  );
}

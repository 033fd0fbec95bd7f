import { useEffect, useMemo, useRef, useState } from 'react';
import type { WeightMap } from '../../../src/index';
import { useStudio } from '../../store/context';
import type { Sight } from '../figure/drawFigure';
import { describeCell, heatPictures } from '../heat';
import type { Frame, PlotColours } from '../picture';
import { FigureCanvas } from './FigureCanvas';
import { columnOfEntry, type Entry, entryAfter, entryAt, placeOfColumn, showingEntry } from './heatEntry';
import { chosenLine } from './markLines';
import type { Size } from './paintFigure';

interface HeatViewProps {
  readonly map: WeightMap | null;
  readonly label: string;
  /** What it is zoomed to; null when all of it is in sight. */
  readonly sight: Sight | null;
}

/** A frame around the pointed entry and a line through the chosen column, on all three maps. */
const pointer = (entry: Entry | null, column: number | null) => (frame: Frame, colours: PlotColours) => {
  if (column !== null) chosenLine(frame, column, colours);
  if (entry === null) return;
  const { ctx } = frame;
  const [left, top] = [frame.x(entry.column), frame.y(entry.row)];
  const width = Math.max(5, frame.x(entry.column + 1) - left);
  const height = Math.max(5, frame.y(entry.row + 1) - top);
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.stroke();
};

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

type Move = (columns: number, rows: number) => void;

/** Keys may be quicker than the map: the last press waits for it. */
function useMoves(
  map: WeightMap | null,
  move: (map: WeightMap, columns: number, rows: number) => void,
): Move {
  const early = useRef<Parameters<Move> | null>(null);
  const latest = useRef(move);
  latest.current = move;
  useEffect(() => {
    if (map !== null && early.current !== null) latest.current(map, ...early.current);
    early.current = null;
  }, [map]);
  return (columns, rows) => {
    if (map === null) early.current = [columns, rows];
    else move(map, columns, rows);
  };
}

const HINT =
  'Each cell has the entry of largest magnitude in it, with its sign. Point at one, or use the arrow keys; a click or Enter chooses its column';

/** A layer's weight before, after, and what changed. */
export function HeatView({ map, label, sight }: HeatViewProps) {
  const setSight = useStudio((studio) => studio.setPlotSight);
  const chooseColumn = useStudio((studio) => studio.chooseColumn);
  const [entry, setEntry] = useState<Entry | null>(null);
  const [size, setSize] = useState<Size | null>(null);
  useCells(sight, size);
  const pictures = useMemo(() => (map === null ? [] : heatPictures(map)), [map]);
  const column = useStudio((studio) => studio.column);
  const channels = useStudio((studio) => studio.details?.weight?.before.min.length ?? 0);
  const over = useMemo(
    () => pointer(entry, map === null || column === null ? null : placeOfColumn(map, column)),
    [entry, map, column],
  );
  const limits: Sight = useMemo(() => ({ x: [0, map?.columns ?? 1], y: [map?.rows ?? 1, 0] }), [map]);
  const current = sight ?? limits;
  const text = map === null || entry === null ? '' : describeCell(map, entry.row, entry.column);
  const move = useMoves(map, (map, columns, rows) => {
    const next = entryAfter(map, entry, current, columns, rows);
    setEntry(next);
    if (sight !== null) setSight(showingEntry(current, limits, next));
  });
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
        onSight={setSight}
        onSize={setSize}
        onPoint={(place) => setEntry(place === null || map === null ? null : entryAt(map, place))}
        onPick={(place) => map !== null && chooseColumn(columnOfEntry(map, channels, entryAt(map, place)))}
        onMove={move}
      />
      <p className="figure-text">{text || HINT}</p>
    </>
  );
}

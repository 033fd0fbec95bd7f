import { useMemo, useState } from 'react';
import { useStudio } from '../../store/context';
import type { Studio } from '../../store/studio';
import type { Chart } from '../charts/chart';
import type { Sight } from '../figure/drawFigure';
import { showing } from '../sight';
import { FigureCanvas } from './FigureCanvas';
import { markLines } from './markLines';

interface ChartViewProps {
  readonly chart: Chart;
  /** Says whose plot it is. */
  readonly label: string;
  readonly sight: Sight;
}

/** The mark of what is chosen on the page: the column of the selected node, or the selected layer. */
export function chosenMark(
  chart: Chart,
  { column, selected }: Pick<Studio, 'column' | 'selected'>,
): number | null {
  const { columnOf, nodeOf, marks } = chart;
  const isChosen =
    columnOf !== undefined
      ? (mark: number) => columnOf(mark) === column
      : (mark: number) => nodeOf !== undefined && nodeOf(mark) === selected;
  for (let mark = 0; mark < marks; mark++) if (isChosen(mark)) return mark;
  return null;
}

/** Which mark is pointed at, which one is chosen and stays, and what chooses another. */
function useMarks(chart: Chart) {
  const column = useStudio((studio) => studio.column);
  const selected = useStudio((studio) => studio.selected);
  const chooseColumn = useStudio((studio) => studio.chooseColumn);
  const goTo = useStudio((studio) => studio.goTo);
  const [held, point] = useState<number | null>(null);
  const chosen = useMemo(() => chosenMark(chart, { column, selected }), [chart, column, selected]);
  const { columnOf, nodeOf } = chart;
  return {
    pointed: held === null || held >= chart.marks ? null : held,
    chosen,
    point,
    pick: (mark: number) => {
      if (columnOf !== undefined) chooseColumn(columnOf(mark));
      const node = nodeOf?.(mark) ?? null;
      if (node !== null) goTo(node);
    },
    /** A step of the keys: a column is chosen at once, another node would move the graph and waits for Enter. */
    step: (mark: number) => {
      point(columnOf === undefined ? mark : null);
      if (columnOf !== undefined) chooseColumn(columnOf(mark));
    },
  };
}

const HINTS = {
  column: 'Click a column, or focus the plot and use ← →: its numbers stand in the inspector',
  node: 'Click a layer to select it, or focus the plot and use ← → and Enter',
  other: 'Point at the plot, or focus it and use ← →',
} as const;

const hintOf = ({ columnOf, nodeOf }: Chart): string =>
  HINTS[columnOf !== undefined ? 'column' : nodeOf !== undefined ? 'node' : 'other'];

/** A chart with its pointed mark, its chosen one, and what is said of it. */
export function ChartView({ chart, label, sight }: ChartViewProps) {
  const setSight = useStudio((studio) => studio.setPlotSight);
  const { pointed, chosen, point, pick, step } = useMarks(chart);
  const limits = useMemo(() => ({ x: chart.x.range, y: chart.y.range }), [chart]);
  const pictures = useMemo(() => [chart], [chart]);
  const over = useMemo(() => markLines(chart, pointed, chosen), [chart, pointed, chosen]);
  const known = pointed ?? chosen;
  const text = known === null ? '' : chart.describe(known);
  const move = (columns: number) => {
    const from = chart.columnOf === undefined ? known : (chosen ?? known);
    const first = chart.markAt(Math.max(sight.x[0], limits.x[0]));
    const next = Math.min(chart.marks - 1, Math.max(0, from === null ? first : from + columns));
    step(next);
    const x = showing(sight.x, limits.x, chart.placeOf(next));
    if (x !== sight.x) setSight({ ...sight, x });
  };
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
        markPlace={known === null ? null : { x: chart.placeOf(known), y: 0 }}
        over={over}
        onSight={setSight}
        onPoint={(place) => point(place === null ? null : chart.markAt(place.x))}
        onPick={({ x }) => pick(chart.markAt(x))}
        onMove={move}
      />
      <p className="figure-text">{text || hintOf(chart)}</p>
    </>
  );
}

import type { WeightMap } from '../../../src/index';
import type { Studio } from '../../store/studio';
import type { Chart } from '../charts/chart';
import type { Sight } from '../figure/drawFigure';
import { heatPictures, heatTable } from '../heat';
import type { Picture } from '../picture';
import type { PlotDocument } from './exportPlot';

/** What the tab draws: a chart, or the map of a weight; neither where there is nothing to draw. */
export interface DrawnPlot {
  /** Says what the plot is: `Input range per column of fc1`. */
  readonly label: string;
  /** The node that it is of; null for a plot of all layers. */
  readonly node: string | null;
  readonly chart: Chart | null;
  /** Whether it is a map of a weight, loaded or not. */
  readonly isHeat: boolean;
  readonly map: WeightMap | null;
  /** All that there is to see; null where nothing is drawn. */
  readonly limits: Sight | null;
}

type Shown = Pick<Studio, 'plotKind' | 'selected' | 'details' | 'weightMap'>;

const limitsOf = (chart: Chart | null, map: WeightMap | null): Sight | null => {
  if (chart !== null) return { x: chart.x.range, y: chart.y.range };
  return map === null ? null : { x: [0, map.columns], y: [map.rows, 0] };
};

export function drawnPlot({ plotKind, selected, details, weightMap }: Shown, chart: Chart | null): DrawnPlot {
  const layer = details?.layer?.name ?? null;
  const isHeat = plotKind === 'heat' && layer !== null && layer === selected;
  const map = isHeat && weightMap?.layer === layer ? weightMap : null;
  const node = plotKind === 'sqnr' ? null : selected;
  const title = chart?.title ?? 'Weight';
  const label = plotKind === 'values' || node === null ? title : `${title} of ${node}`;
  return { label, node, chart, isHeat, map, limits: limitsOf(chart, map) };
}

/** What is in sight. A chart is zoomed along x alone, and y follows the data when a step changes it. */
export function sightIn({ limits, isHeat }: DrawnPlot, zoomed: Sight | null): Sight | null {
  if (limits === null || zoomed === null) return limits;
  return isHeat ? zoomed : { x: zoomed.x, y: limits.y };
}

const seen = (picture: Picture, sight: Sight): Picture =>
  picture.width === undefined
    ? { ...picture, x: { ...picture.x, range: sight.x }, y: { ...picture.y, range: sight.y } }
    : picture;

const fileName = (kind: string, node: string | null): string =>
  [node, kind]
    .filter((part) => part !== null)
    .join('-')
    .replace(/[^\w.-]+/g, '_');

/** The plot to be saved: what is in sight of it, and all of it as a table. Null where nothing is drawn. */
export function plotDocument(
  drawn: DrawnPlot,
  kind: Studio['plotKind'],
  zoomed: Sight | null,
  size: PlotDocument['size'],
): PlotDocument | null {
  const { chart, map, label, node } = drawn;
  const sight = sightIn(drawn, zoomed);
  if (sight === null) return null;
  const pictures = chart === null ? (map === null ? [] : heatPictures(map)) : [{ ...chart, title: label }];
  return {
    name: fileName(kind, node),
    pictures: pictures.map((picture) => seen(picture, sight)),
    table: () => chart?.table() ?? (map === null ? [] : heatTable(map)),
    size,
  };
}

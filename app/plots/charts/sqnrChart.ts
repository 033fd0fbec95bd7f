import { formatDb } from '../../panels/format';
import { LAYER_SQNR_TITLE } from '../../panels/words';
import { grouped } from '../../store/counting';
import { type LayerPoint, layerSqnrPlot } from '../layerSqnrPlot';
import { type Chart, type ChartOptions, countedMarks } from './chart';
import { orderBy } from './order';
import { LINEAR, wholePlaces } from './scales';

const gainOf = ({ plain, equalized }: LayerPoint): number =>
  plain === null || equalized === null ? Number.NaN : equalized - plain;

function sorted(points: readonly LayerPoint[], sort: ChartOptions['sort']): readonly LayerPoint[] {
  if (sort === 'order') return points;
  const key = points.map((point) => (sort === 'gain' ? gainOf(point) : (point.plain ?? Number.NaN)));
  return Array.from(orderBy(key, points.length), (index) => points[index]).filter(
    (point) => point !== undefined,
  );
}

function meanGain(points: readonly LayerPoint[]): string {
  const gains = points.map(gainOf).filter(Number.isFinite);
  if (gains.length === 0) return '';
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  return `mean gain ${mean >= 0 ? '+' : ''}${formatDb(mean)} dB over ${grouped(gains.length)} of ${grouped(points.length)} layers`;
}

/** SQNR of every layer's output, plain int8 and equalized; null when nothing is known. dB is logarithmic already. */
export function sqnrChart(all: readonly LayerPoint[], { sort }: Pick<ChartOptions, 'sort'>): Chart | null {
  const points = sorted(all, sort);
  const plot = layerSqnrPlot(points);
  if (plot === null) return null;
  const isNamed = plot.x.title === '';
  const by = { order: 'layer, in graph order', range: 'layers by plain SQNR', gain: 'layers by gain' }[sort];
  return {
    title: 'SQNR by layer',
    legend: [
      { label: 'plain int8', mark: 'ring', colour: 'axis' },
      { label: 'equalized', mark: 'disc', colour: 'after' },
    ],
    note: meanGain(points),
    noteTitle: LAYER_SQNR_TITLE,
    x: { ...plot.x, title: isNamed ? '' : by, splits: wholePlaces },
    y: { ...plot.y, splits: LINEAR.splits },
    draw: plot.draw,
    ...countedMarks(points.length),
    describe: plot.describe,
    nodeOf: (mark) => points[mark]?.name ?? null,
    table: () => [
      ['layer', 'sqnr_plain_db', 'sqnr_equalized_db', 'gain_db'],
      ...points.map((point) => {
        const gain = gainOf(point);
        return [point.name, point.plain, point.equalized, Number.isNaN(gain) ? null : gain];
      }),
    ],
  };
}

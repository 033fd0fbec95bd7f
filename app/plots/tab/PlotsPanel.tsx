import { useElementSize } from '@mantine/hooks';
import { useEffect } from 'react';
import { download } from '../../panels/download';
import { useStudio, useStudioStore } from '../../store/context';
import type { Chart } from '../charts/chart';
import type { Sight } from '../figure/drawFigure';
import { heatPictures, heatTable } from '../heat';
import { type Picture, plotColours } from '../picture';
import { ChartView, useSight } from './ChartView';
import { type PlotDocument, type PlotFormat, plotFile } from './exportPlot';
import { HeatView } from './HeatView';
import { PlotsBar, type PlotTools } from './PlotsBar';
import { zoomedSight } from './useGestures';
import { emptyWords, useChart } from './usePlotted';

/** Least size of a saved plot: a small panel still gives a picture that can be read. */
const LEAST = { width: 640, height: 320 };

/** Keeps the tensors of the selected node at hand: after each step, and for each node. */
function useTensors() {
  const kind = useStudio((studio) => studio.plotKind);
  const details = useStudio((studio) => studio.details);
  const load = useStudio((studio) => studio.loadTensors);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other details are another node or another step
  useEffect(() => {
    if (kind === 'values') void load();
  }, [kind, details, load]);
}

const seen = (picture: Picture, sight: Sight): Picture =>
  picture.width === undefined
    ? { ...picture, x: { ...picture.x, range: sight.x }, y: { ...picture.y, range: sight.y } }
    : picture;

function useSave() {
  const store = useStudioStore();
  return async (plot: PlotDocument, format: PlotFormat) => {
    const { announce, report } = store.getState();
    try {
      const file = await plotFile(plot, format, plotColours(document.documentElement));
      download(file);
      announce(`Exported ${file.name}`);
    } catch (error) {
      report(error instanceof Error ? error.message : String(error), {
        title: 'The plot could not be saved',
        subject: 'export',
      });
    }
  };
}

/** What the tab draws: a chart, or the map of a weight. */
function useDrawn() {
  const kind = useStudio((studio) => studio.plotKind);
  const selected = useStudio((studio) => studio.selected);
  const layer = useStudio((studio) => studio.details?.layer?.name ?? null);
  const known = useStudio((studio) => studio.weightMap);
  const chart = useChart();
  const isHeat = kind === 'heat' && layer !== null && layer === selected;
  const map = isHeat && known?.layer === layer ? known : null;
  return { kind, selected, chart, isHeat, map };
}

const fileName = (kind: string, node: string | null): string =>
  [node, kind]
    .filter((part) => part !== null)
    .join('-')
    .replace(/[^\w.-]+/g, '_');

function useLimits(chart: Chart | null, map: ReturnType<typeof useDrawn>['map']): Sight | null {
  if (chart !== null) return { x: chart.x.range, y: chart.y.range };
  return map === null ? null : { x: [0, map.columns], y: [map.rows, 0] };
}

/** The tab Plots: one plot with room, and all that can be done with it. */
export function PlotsPanel() {
  const { ref: host, width, height } = useElementSize();
  const { kind, selected, chart, isHeat, map } = useDrawn();
  const words = useStudio(emptyWords);
  const goTo = useStudio((studio) => studio.goTo);
  useTensors();
  const limits = useLimits(chart, map);
  const node = kind === 'sqnr' ? null : selected;
  const log = useStudio((studio) => studio.plotLogs.includes(studio.plotKind));
  const [sight, setSight, isZoomed] = useSight(limits, `${kind} ${node} ${log}`);
  const save = useSave();
  const title = chart?.title ?? 'Weight';
  const label = kind === 'values' || node === null ? title : `${title} of ${node}`;
  const tools: PlotTools | null =
    limits === null || sight === null
      ? null
      : {
          isZoomed,
          onZoom: (factor) => {
            const at = { x: (sight.x[0] + sight.x[1]) / 2, y: (sight.y[0] + sight.y[1]) / 2 };
            setSight(zoomedSight({ sight, limits, both: isHeat }, at, factor));
          },
          onReset: () => setSight(limits),
          onSave: (format) => {
            const size = { width: Math.max(LEAST.width, width), height: Math.max(LEAST.height, height) };
            const pictures =
              chart === null ? (map === null ? [] : heatPictures(map)) : [{ ...chart, title: label }];
            const table = () => chart?.table() ?? (map === null ? [] : heatTable(map));
            const shown = pictures.map((picture) => seen(picture, sight));
            void save({ name: fileName(kind, node), pictures: shown, table, size }, format);
          },
        };
  const pick = (mark: number) => {
    const picked = chart?.nodeOf?.(mark);
    if (picked != null) goTo(picked);
  };
  return (
    <div className="plots" ref={host}>
      <PlotsBar tools={tools}>
        <span className={kind === 'values' ? 'plots-note long' : 'plots-note'} title={chart?.noteTitle}>
          <b>{node ?? ''}</b> {chart?.note ?? ''}
        </span>
        {chart !== null && chart.legend.length > 0 && (
          <span className="plots-legend">
            {chart.legend.map((item) => (
              <span key={item.label}>
                <i className={`mark-${item.mark} colour-${item.colour}`} /> {item.label}
              </span>
            ))}
          </span>
        )}
      </PlotsBar>
      {chart !== null && sight !== null && (
        <ChartView
          key={`${kind} ${node}`}
          chart={chart}
          label={label}
          sight={sight}
          onSight={setSight}
          onPick={pick}
        />
      )}
      {isHeat && (
        <HeatView key={node} map={map} label={label} sight={isZoomed ? sight : null} onSight={setSight} />
      )}
      {chart === null && !isHeat && <p className="empty">{words}</p>}
    </div>
  );
}

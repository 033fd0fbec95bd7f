import { useEffect, useMemo } from 'react';
import { useStudio, useStudioStore } from '../../store/context';
import { zoomedTo } from '../../store/plots/plotSlice';
import { isWhole } from '../sight';
import { ChartView } from './ChartView';
import { type DrawnPlot, drawnPlot, sightIn } from './drawnPlot';
import { emptyWords } from './emptyWords';
import { HeatView } from './HeatView';
import { PlotsBar, type PlotTools } from './PlotsBar';
import { savePlot } from './savePlot';
import { zoomedSight } from './useGestures';
import { useChart } from './usePlotted';

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

function useDrawn(): DrawnPlot {
  const plotKind = useStudio((studio) => studio.plotKind);
  const selected = useStudio((studio) => studio.selected);
  const details = useStudio((studio) => studio.details);
  const weightMap = useStudio((studio) => studio.weightMap);
  const chart = useChart();
  return useMemo(
    () => drawnPlot({ plotKind, selected, details, weightMap }, chart),
    [plotKind, selected, details, weightMap, chart],
  );
}

function useTools(drawn: DrawnPlot): PlotTools | null {
  const store = useStudioStore();
  const zoomed = useStudio(zoomedTo);
  const setSight = useStudio((studio) => studio.setPlotSight);
  const { limits, isHeat } = drawn;
  const sight = sightIn(drawn, zoomed);
  if (limits === null || sight === null) return null;
  return {
    isZoomed: !isWhole(sight, limits),
    onZoom: (factor) => {
      const at = { x: (sight.x[0] + sight.x[1]) / 2, y: (sight.y[0] + sight.y[1]) / 2 };
      setSight(zoomedSight({ sight, limits, both: isHeat }, at, factor));
    },
    onReset: () => setSight(null),
    onSave: (format) => void savePlot(store.getState(), format),
  };
}

/** What the plot says in words, and what its colours and marks are. */
function Notes({ node, chart }: DrawnPlot) {
  const isLong = useStudio((studio) => studio.plotKind === 'values');
  const title = chart === null ? undefined : `${node ?? ''} ${chart.note}: ${chart.noteTitle}`.trim();
  return (
    <>
      <span className={isLong ? 'plots-note long' : 'plots-note'} title={title}>
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
    </>
  );
}

/** The tab Plots: one plot with room, and all that can be done with it. */
export function PlotsPanel() {
  const kind = useStudio((studio) => studio.plotKind);
  const words = useStudio(emptyWords);
  const zoomed = useStudio(zoomedTo);
  const drawn = useDrawn();
  useTensors();
  const tools = useTools(drawn);
  const sight = useMemo(() => sightIn(drawn, zoomed), [drawn, zoomed]);
  const { chart, isHeat, node, map, label } = drawn;
  return (
    <div className="plots">
      <PlotsBar tools={tools}>
        <Notes {...drawn} />
      </PlotsBar>
      {chart !== null && sight !== null && (
        <ChartView key={`${kind} ${node}`} chart={chart} label={label} sight={sight} />
      )}
      {isHeat && <HeatView key={node} map={map} label={label} sight={tools?.isZoomed ? sight : null} />}
      {chart === null && !isHeat && <p className="empty">{words}</p>}
    </div>
  );
}

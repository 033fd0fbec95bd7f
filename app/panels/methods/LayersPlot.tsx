import { useElementSize } from '@mantine/hooks';
import { useCallback, useMemo, useState } from 'react';
import { layerSqnrPlot } from '../../plots/layerSqnrPlot';
import { Plot } from '../../plots/Plot';
import { useStudio } from '../../store/context';
import { comparedStale } from '../../store/findings';
import { SmallSelect } from '../SmallSelect';
import { LAYER_SQNR_TITLE } from '../words';
import { type SeriesName, seriesChoices, seriesPoints, seriesShown } from './layerSeries';
import { StaleNote } from './StaleNote';

/** Title and margins of a plot, over and under its canvas. */
const FRAME = 22;
const LEAST_HEIGHT = 78;

function useSeries(chosen: SeriesName | null) {
  const view = useStudio((studio) => studio.view);
  const compared = useStudio((studio) => studio.compared);
  return useMemo(() => {
    const known = { view, compared };
    const series = seriesShown(known, chosen);
    const points = series === null ? [] : seriesPoints(known, series);
    return { choices: seriesChoices(known), series, points, spec: layerSqnrPlot(points) };
  }, [view, compared, chosen]);
}

/** Which colour is which, and what is compared with plain int8. */
function Legend(props: {
  readonly choices: ReturnType<typeof seriesChoices>;
  readonly series: SeriesName;
  readonly onChoose: (series: SeriesName) => void;
}) {
  const { choices, series, onChoose } = props;
  const stale = useStudio((studio) => studio.compared && comparedStale(studio.compared, studio));
  return (
    <p className="legend plot-legend">
      <span className="swatch ring" /> plain int8 <span className="swatch after disc" /> equalized:
      <SmallSelect label="Equalized by" choices={choices} value={series} onChoose={onChoose} />
      {series !== 'run' && <StaleNote stale={stale} again="compare" />}
    </p>
  );
}

/** SQNR by layer: plain against equalized. A click on a layer selects its node. */
export function LayersPlot() {
  const { ref, height } = useElementSize();
  const [chosen, setChosen] = useState<SeriesName | null>(null);
  const { choices, series, points, spec } = useSeries(chosen);
  const goTo = useStudio((studio) => studio.goTo);
  const pick = useCallback(
    (index: number) => {
      const point = points[index];
      if (point !== undefined) goTo(point.name);
    },
    [points, goTo],
  );
  if (series === null || spec === null)
    return <p className="empty">No layer has been measured yet: click Convert, or Compare methods.</p>;
  return (
    <div className="layers-plot">
      <Legend choices={choices} series={series} onChoose={setChosen} />
      <div className="plot-room" ref={ref}>
        <Plot
          title="SQNR by layer: plain against equalized"
          caption=""
          captionTitle={LAYER_SQNR_TITLE}
          spec={spec}
          height={Math.max(LEAST_HEIGHT, height - FRAME)}
          onPick={pick}
        />
      </div>
    </div>
  );
}

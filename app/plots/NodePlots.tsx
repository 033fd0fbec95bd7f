import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { BeforeAfter, NodeDetails, RangeHistogram } from '../../src/index';
import { formatRatio } from '../panels/format';
import { RATIO_TITLE } from '../panels/words';
import { useStudio } from '../store/context';
import { countOf } from '../store/counting';
import { histogramPlot } from './histogramPlot';
import { Plot } from './Plot';
import { rangePlot } from './rangePlot';
import { rangeRatio, valueRatio } from './ratio';
import { scalePlot } from './scalePlot';
import type { Overlay } from './spec';
import { chosenLine } from './tab/markLines';

type RatioPair = readonly [number, number | null] | null;

/** A layer brings its ratios: the engine leaves out columns that were not equalized. */
function ratioCaption({ before, after }: BeforeAfter, known: RatioPair): string {
  const [early, late] = known ?? [rangeRatio(before), after === null ? null : rangeRatio(after)];
  return `ratio ${formatRatio(early)}${after === null ? '' : ` → ${formatRatio(late)}`}`;
}

/** `59 of 64 columns`: how many have a place on the axis. */
function histogramCaption({ before, zero }: RangeHistogram): string {
  const counted = before.reduce((sum, count) => sum + count, 0);
  return zero === 0 ? countOf(counted, 'column') : `${counted} of ${countOf(counted + zero, 'column')}`;
}

/** Marks the chosen column. Whatever a click here chooses, keys choose in the tab Plots. */
function useColumnMark(columns: number): Overlay | null {
  const column = useStudio((studio) => studio.column);
  return useMemo(
    () =>
      column === null || column >= columns ? null : (frame, colours) => chosenLine(frame, column, colours),
    [column, columns],
  );
}

function RangePlots(props: {
  readonly title: string;
  readonly ranges: BeforeAfter | null;
  readonly histogram: RangeHistogram | null;
  readonly ratio: RatioPair;
  readonly kind: 'input' | 'weight';
}) {
  const { title, ranges, histogram, ratio, kind } = props;
  const bars = useMemo(() => (ranges === null ? null : rangePlot(ranges)), [ranges]);
  const choose = useStudio((studio) => studio.chooseColumn);
  const mark = useColumnMark(ranges?.before.min.length ?? 0);
  const bins = useMemo(() => (histogram === null ? null : histogramPlot(histogram)), [histogram]);
  return (
    <>
      {ranges !== null && bars !== null && (
        <Plot
          title={`${title} per column`}
          caption={ratioCaption(ranges, ratio)}
          captionTitle={RATIO_TITLE}
          spec={bars}
          enlarged={kind}
          onPick={choose}
          overlay={mark}
        />
      )}
      {histogram !== null && bins !== null && (
        <Plot
          title={`${title}s, histogram`}
          caption={histogramCaption(histogram)}
          captionTitle="Columns of zero or unknown range have no place on a log axis"
          spec={bins}
          enlarged={`${kind}-histogram`}
          height={90}
        />
      )}
    </>
  );
}

/** Plots that have room in the tab alone. */
function MorePlots({ details }: { details: NodeDetails }) {
  const enlarge = useStudio((studio) => studio.enlargePlot);
  const isCalibrated = useStudio((studio) => studio.view.steps.calibrate !== undefined);
  if (details.layer === null && details.input === null) return null;
  return (
    <p className="more-plots">
      <Button
        size="compact-xs"
        variant="default"
        disabled={!isCalibrated}
        title={isCalibrated ? 'How the values are spread, with the quantization grid' : 'After Calibrate'}
        onClick={() => enlarge('values')}
      >
        Values and grid…
      </Button>
      {details.layer !== null && (
        <Button size="compact-xs" variant="default" onClick={() => enlarge('heat')}>
          Weight heat map…
        </Button>
      )}
    </p>
  );
}

/** The pictures of a node: column ranges of what it reads and of its weight, and its equalization scale. */
export function NodePlots({ details }: { details: NodeDetails }) {
  const { input, inputHistogram, weight, weightHistogram, scale } = details;
  // Where scales can be set by hand, their plot stands with what sets them.
  const isElsewhere = details.scaleColumns !== null;
  const dots = useMemo(() => (scale === null || isElsewhere ? null : scalePlot(scale)), [scale, isElsewhere]);
  const choose = useStudio((studio) => studio.chooseColumn);
  const mark = useColumnMark(scale?.length ?? 0);
  const compared = (input ?? weight)?.after ?? null;
  return (
    <>
      {compared !== null && (
        <p className="legend">
          <span className="swatch before" /> before <span className="swatch after" /> after equalization
        </p>
      )}
      <RangePlots
        kind="input"
        title={details.layer === null ? 'Range' : 'Input range'}
        ranges={input}
        histogram={inputHistogram}
        ratio={details.layer?.inputRatio ?? null}
      />
      <RangePlots
        kind="weight"
        title="Weight range"
        ranges={weight}
        histogram={weightHistogram}
        ratio={details.layer?.weightRatio ?? null}
      />
      <MorePlots details={details} />
      {scale !== null && dots !== null && (
        <Plot
          title="Equalization scale"
          caption={`ratio ${formatRatio(valueRatio(scale))}`}
          captionTitle="Largest scale ÷ smallest"
          spec={dots}
          enlarged="scale"
          height={96}
          onPick={choose}
          overlay={mark}
        />
      )}
    </>
  );
}

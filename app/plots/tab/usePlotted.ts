import { useMemo } from 'react';
import type { NodeDetails } from '../../../src/index';
import { seriesPoints } from '../../panels/methods/layerSeries';
import { useStudio } from '../../store/context';
import { shownTensor } from '../../store/plots/plotSlice';
import type { PlotKind, Studio } from '../../store/studio';
import { binsChart } from '../charts/binsChart';
import type { Chart, ChartOptions } from '../charts/chart';
import { rangeChart } from '../charts/rangeChart';
import { scaleChart } from '../charts/scaleChart';
import { sqnrChart } from '../charts/sqnrChart';
import { valuesChart } from '../charts/valuesChart';

type Known = Pick<Studio, 'view' | 'details' | 'tensors' | 'tensor'>;
type Source = (known: Known, options: ChartOptions) => Chart | null;

const inputTitle = ({ layer }: NodeDetails): string => (layer === null ? 'Range' : 'Input range');

const ROLE_TITLES = {
  observed: 'Values observed by',
  input: 'Values observed by',
  output: 'Values observed by',
  weight: 'Weights of',
} as const;

/** How each kind of plot but the heat map is made of what the page knows. */
const SOURCES: { readonly [K in Exclude<PlotKind, 'heat'>]: Source } = {
  input: ({ details }, options) =>
    details?.input == null ? null : rangeChart(inputTitle(details), details.input, options),
  'input-histogram': ({ details }, options) =>
    details?.inputHistogram == null ? null : binsChart(inputTitle(details), details.inputHistogram, options),
  weight: ({ details }, options) =>
    details?.weight == null ? null : rangeChart('Weight range', details.weight, options),
  'weight-histogram': ({ details }, options) =>
    details?.weightHistogram == null ? null : binsChart('Weight range', details.weightHistogram, options),
  scale: ({ details }, options) => (details?.scale == null ? null : scaleChart(details.scale, options)),
  values: ({ tensors, tensor }, options) => {
    const shown = shownTensor(tensors, tensor);
    return shown?.histogram == null
      ? null
      : valuesChart(`${ROLE_TITLES[shown.role]} ${shown.node}`, shown.histogram, options);
  },
  sqnr: ({ view }, options) =>
    view.results === null ? null : sqnrChart(seriesPoints({ view, compared: null }, 'run'), options),
};

/** The chart of a kind; null where there is nothing to draw. */
export const chartOf = (kind: PlotKind, known: Known, options: ChartOptions): Chart | null =>
  kind === 'heat' ? null : SOURCES[kind](known, options);

/** The chart that the tab shows, made anew only when something in it changes. */
export function useChart(): Chart | null {
  const kind = useStudio((studio) => studio.plotKind);
  const log = useStudio((studio) => studio.plotLogs.includes(studio.plotKind));
  const sort = useStudio((studio) => studio.plotSort);
  const view = useStudio((studio) => studio.view);
  const details = useStudio((studio) => studio.details);
  const tensors = useStudio((studio) => studio.tensors);
  const tensor = useStudio((studio) => studio.tensor);
  return useMemo(
    () => chartOf(kind, { view, details, tensors, tensor }, { log, sort }),
    [kind, log, sort, view, details, tensors, tensor],
  );
}

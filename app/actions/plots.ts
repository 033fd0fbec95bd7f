import { plotNow, savePlot } from '../plots/tab/savePlot';
import { hasLog, PLOT_CHOICES, PLOT_FORMAT_LABELS, PLOT_FORMATS, sortsOf } from '../store/plots/plotChoices';
import { zoomedTo } from '../store/plots/plotSlice';
import { PLOT_ORDERS, type PlotOrder } from '../store/studio';
import type { Action } from './action';
import { anyOf, noModel, type Reason } from './reasons';

const nothingDrawn: Reason = (studio) =>
  plotNow(studio).limits === null ? 'Choose a plot that has something to draw first' : null;

/** One action for each plot; the tab opens with it. */
const KIND_ACTIONS: readonly Action[] = PLOT_CHOICES.map(({ value, label, title }) => ({
  id: `plot ${value}`,
  title: `Plot: ${label}`,
  group: 'look',
  keywords: [title, 'chart', 'draw'],
  unavailable: noModel,
  run: ({ enlargePlot }) => enlargePlot(value),
}));

const ORDER_TITLES: { readonly [O in PlotOrder]: string } = {
  order: 'Sort the plot: as columns and layers stand in the model',
  range: 'Sort the plot: the largest first',
  gain: 'Sort the plot: what equalization changed most first',
};

const SORT_ACTIONS: readonly Action[] = PLOT_ORDERS.map((order) => ({
  id: `sort plot ${order}`,
  title: ORDER_TITLES[order],
  group: 'look',
  keywords: ['order', 'range', 'gain', 'SQNR', 'chart'],
  unavailable: anyOf(noModel, ({ plotKind, plotSort }) => {
    if (sortsOf(plotKind).length === 0) return 'The chosen plot has an order of its own';
    return plotSort === order ? 'Sorted so now' : null;
  }),
  run: ({ setPlotSort, setTab }) => {
    setPlotSort(order);
    setTab('plots');
  },
}));

const SAVE_ACTIONS: readonly Action[] = PLOT_FORMATS.map((format) => ({
  id: `save plot ${format}`,
  title: `Export: plot, ${PLOT_FORMAT_LABELS[format].toLowerCase()}`,
  group: 'export',
  keywords: ['save', 'download', 'image', 'figure', 'chart'],
  unavailable: anyOf(noModel, nothingDrawn),
  run: (studio) => void savePlot(studio, format),
}));

/** What can be done with the tab Plots. */
export const PLOT_ACTIONS: readonly Action[] = [
  ...KIND_ACTIONS,
  {
    id: 'plot log',
    title: 'Log axis of the plot, on or off',
    group: 'look',
    keywords: ['logarithmic', 'scale', 'linear'],
    unavailable: anyOf(noModel, ({ plotKind }) =>
      hasLog(plotKind) ? null : 'The chosen plot has no log axis',
    ),
    run: ({ plotKind, plotLogs, setPlotLog, setTab }) => {
      setPlotLog(plotKind, !plotLogs.includes(plotKind));
      setTab('plots');
    },
  },
  ...SORT_ACTIONS,
  {
    id: 'fit plot',
    title: 'Show all of the plot',
    group: 'look',
    keywords: ['fit', 'reset', 'zoom', 'chart'],
    unavailable: anyOf(noModel, (studio) =>
      zoomedTo(studio) === null ? 'All of the plot is in sight' : null,
    ),
    run: ({ setPlotSight }) => setPlotSight(null),
  },
  {
    id: 'deselect column',
    title: 'Deselect the column',
    group: 'look',
    keywords: ['plot', 'mark'],
    unavailable: ({ column }) => (column === null ? 'No column is chosen' : null),
    run: ({ chooseColumn }) => chooseColumn(null),
  },
  ...SAVE_ACTIONS,
];

import type { MapSize, MatrixWindow, TensorsView, WeightMap } from '../../../src/index';

export const PLOT_KINDS = [
  'input',
  'input-histogram',
  'weight',
  'weight-histogram',
  'scale',
  'values',
  'sqnr',
  'heat',
] as const;
export type PlotKind = (typeof PLOT_KINDS)[number];
export const PLOT_ORDERS = ['order', 'range', 'gain'] as const;
export type PlotOrder = (typeof PLOT_ORDERS)[number];

/** What is in sight of a plot, in the units of its axes. */
export interface PlotSight {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** What the tab Plots shows, and what it has fetched for it. */
export interface PlotSlice {
  readonly plotKind: PlotKind;
  /** Kinds of plot with a log axis. */
  readonly plotLogs: readonly PlotKind[];
  readonly plotSort: PlotOrder;
  /** The tab has half of the page. */
  readonly plotsTall: boolean;
  /** What a plot was zoomed to, and which plot that was; null: all of it is in sight. */
  readonly plotSight: { readonly plot: string; readonly sight: PlotSight } | null;
  /** The column of the selected node that the user chose: marked in the plots, in numbers in the inspector. */
  readonly column: number | null;
  /** Tensors about the selected node; null until the engine has answered. */
  readonly tensors: TensorsView | null;
  /** The tensor among them whose values are shown, by node and role; null: the first. */
  readonly tensor: string | null;
  readonly weightMap: WeightMap | null;
  /** Why the engine has nothing to draw. */
  readonly plotError: string | null;

  /** Opens the tab with this plot, with room for it. */
  enlargePlot(kind: PlotKind): void;
  setPlotKind(kind: PlotKind): void;
  setPlotLog(kind: PlotKind, on: boolean): void;
  setPlotSort(sort: PlotOrder): void;
  setPlotsTall(tall: boolean): void;
  /** Zooms the plot that is shown; null brings all of it into sight. */
  setPlotSight(sight: PlotSight | null): void;
  chooseColumn(column: number | null): void;
  setTensor(tensor: string): void;
  /** Asks which tensors there are about the selected node, and what was counted of them. */
  loadTensors(): Promise<void>;
  /** Counts the values of the tensor that is shown. */
  countValues(): Promise<void>;
  /** Fetches the selected layer's weight in cells; of the whole without a window. */
  loadWeightMap(window: MatrixWindow | null, size: MapSize): Promise<void>;
}

import type { Decision } from '../../../src/index';
import type { Order } from '../sortRows';

export const LAYER_COLUMNS = [
  'name',
  'type',
  'shape',
  'equalize',
  'qconfig',
  'method',
  'decision',
  'rule',
  'reason',
  'region',
  'input',
  'weight',
  'plain',
  'equalized',
  'gain',
] as const;
export type LayerColumn = (typeof LAYER_COLUMNS)[number];

/** Which rows the layers table shows. A row passes when every part lets it pass. */
export interface LayerFilter {
  /** Words that all stand in its name, type, rule or reason, in any case. */
  readonly text: string;
  /** `open` is of layers that no step has decided on yet. Null lets everything pass, as in all that follows. */
  readonly decision: Decision | 'open' | null;
  readonly type: string | null;
  /** Whether it is chosen for equalization. */
  readonly equalize: 'on' | 'off' | null;
  /** dB: its SQNR in int8, equalized where that was measured, is lower. */
  readonly below: number | null;
  /** Equalized it is further from float than in plain int8. */
  readonly losing: boolean;
}

/** How the layers table shows its rows. Sort and columns stay for another model, the filter does not. */
export interface LayersTableSlice {
  readonly layerFilter: LayerFilter;
  /** Null is graph order. */
  readonly layerOrder: Order | null;
  readonly layerColumns: readonly LayerColumn[];
  /** Pixels that the user gave the lower panel; null is what the window's size says. */
  readonly lowerHeight: number | null;

  filterLayers(patch: Partial<LayerFilter>): void;
  clearLayerFilter(): void;
  orderLayers(order: Order | null): void;
  showLayerColumn(column: LayerColumn, shown: boolean): void;
  resetLayerColumns(): void;
  resizeLower(height: number | null): void;
  /** Shows the layers that equalization made worse, and nothing else, the worst first. */
  showLosingLayers(): void;
}

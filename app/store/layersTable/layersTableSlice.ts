import { LAYER_COLUMNS, type LayerFilter, type LayersTableSlice } from '../slices/layersTable';
import type { Slice } from '../studio';
import { FIRST_LAYER_COLUMNS } from './columns';

export const NO_FILTER: LayerFilter = {
  text: '',
  decision: null,
  type: null,
  equalize: null,
  below: null,
  losing: false,
};

/** How many parts of the filter beside its text hold rows back. */
export const filterCount = (filter: LayerFilter): number =>
  [filter.decision, filter.type, filter.equalize, filter.below].filter((part) => part !== null).length +
  Number(filter.losing);

export const createLayersTable: Slice<LayersTableSlice> = (set, get) => ({
  layerFilter: NO_FILTER,
  layerOrder: null,
  layerColumns: FIRST_LAYER_COLUMNS,
  lowerHeight: null,

  filterLayers: (patch) => set({ layerFilter: { ...get().layerFilter, ...patch } }),
  clearLayerFilter: () => set({ layerFilter: NO_FILTER }),
  orderLayers: (layerOrder) => set({ layerOrder }),
  showLayerColumn: (column, shown) =>
    set({
      layerColumns: LAYER_COLUMNS.filter((id) => (id === column ? shown : get().layerColumns.includes(id))),
    }),
  resetLayerColumns: () => set({ layerColumns: FIRST_LAYER_COLUMNS }),
  resizeLower: (lowerHeight) => set({ lowerHeight }),
  showLosingLayers: () => {
    set({
      layerFilter: { ...NO_FILTER, losing: true },
      layerOrder: { column: 'gain', direction: 'ascending' },
    });
    get().setTab('layers');
  },
});

import {
  columnFilteringFeature,
  columnVisibilityFeature,
  constructTable,
  createFilteredRowModel,
  createSortedRowModel,
  globalFilteringFeature,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/table-core';
import { storeReactivityBindings } from '@tanstack/table-core/store-reactivity-bindings';
import type { LayerView } from '../../../src/index';
import type { LayerColumn, LayerFilter } from '../slices/layersTable';
import { LAYER_COLUMNS } from '../slices/layersTable';
import { compareKeys, type Order } from '../sortRows';
import type { Studio } from '../studio';
import { hasWords, LAYER_COLUMN_SPECS } from './columns';
import { type LayerRow, layerRows } from './layerRow';

/** What the layers table shows, in its order. */
export interface ShownLayers {
  readonly rows: readonly LayerRow[];
  readonly names: readonly string[];
  readonly columns: readonly LayerColumn[];
}

const FEATURES = tableFeatures({
  coreReactivityFeature: storeReactivityBindings(),
  columnFilteringFeature,
  columnVisibilityFeature,
  globalFilteringFeature,
  rowSortingFeature,
  filteredRowModel: createFilteredRowModel(),
  sortedRowModel: createSortedRowModel(),
});

const COLUMNS = LAYER_COLUMNS.map((id) => {
  const { key, passes } = LAYER_COLUMN_SPECS[id];
  return {
    id,
    // The library's own word for what is not known, which comes last both ways.
    accessorFn: (row: LayerRow) => key(row) ?? undefined,
    sortUndefined: 'last' as const,
    sortFn: (a: { original: LayerRow }, b: { original: LayerRow }) =>
      compareKeys(key(a.original) ?? 0, key(b.original) ?? 0),
    filterFn: (row: { original: LayerRow }, _: string, filter: LayerFilter) =>
      passes?.(row.original, filter) ?? true,
    enableColumnFilter: passes !== undefined,
    enableGlobalFilter: id === 'name',
  };
});

function tableOf(
  data: readonly LayerRow[],
  filter: LayerFilter,
  order: Order | null,
  shown: readonly LayerColumn[],
) {
  return constructTable({
    features: FEATURES,
    columns: COLUMNS,
    data,
    getRowId: ({ layer }) => layer.name,
    globalFilterFn: (row, _, text: string) => hasWords(row.original, text),
    state: {
      sorting: order === null ? [] : [{ id: order.column, desc: order.direction === 'descending' }],
      globalFilter: filter.text.trim(),
      columnFilters: COLUMNS.filter((column) => column.enableColumnFilter).map(({ id }) => ({
        id,
        value: filter,
      })),
      columnVisibility: Object.fromEntries(LAYER_COLUMNS.map((id) => [id, shown.includes(id)])),
    },
  });
}

type Shown = Pick<Studio, 'view' | 'settings' | 'layerFilter' | 'layerOrder' | 'layerColumns'>;
type Inputs = readonly [
  readonly LayerView[],
  Studio['settings'],
  LayerFilter,
  Order | null,
  readonly LayerColumn[],
];

function computed([layers, settings, filter, order, shown]: Inputs): ShownLayers {
  const table = tableOf(layerRows(layers, settings), filter, order, shown);
  const rows = table.getRowModel().rows.map(({ original }) => original);
  const visible = new Set(table.getVisibleLeafColumns().map(({ id }) => id));
  return {
    rows,
    names: rows.map(({ layer }) => layer.name),
    columns: LAYER_COLUMNS.filter((id) => visible.has(id)),
  };
}

let last: { readonly inputs: Inputs; readonly shown: ShownLayers } | null = null;

/** Filtered and sorted; the same object until something that it follows from has changed. */
export function shownLayers(studio: Shown): ShownLayers {
  const { view, settings, layerFilter, layerOrder, layerColumns } = studio;
  const inputs: Inputs = [view.layers, settings, layerFilter, layerOrder, layerColumns];
  if (last === null || inputs.some((input, i) => input !== last?.inputs[i]))
    last = { inputs, shown: computed(inputs) };
  return last.shown;
}

/** What a choice for several layers goes for: the marked ones among those in sight. */
export const chosenLayers = (studio: Shown & Pick<Studio, 'marked'>): readonly string[] => {
  const marked = new Set(studio.marked);
  return shownLayers(studio).names.filter((name) => marked.has(name));
};

import { z } from '../../zod';
import { LAYER_COLUMNS, type LayerColumn } from '../slices/layersTable';
import type { StudioStore } from '../studio';

const KEY = 'layers-table';

/** What the browser may hold: somebody may have edited it, or an earlier studio had other columns. */
const remembered = z.object({
  columns: z.array(z.string()),
  order: z
    .object({ column: z.string(), direction: z.enum(['ascending', 'descending']) })
    .nullable()
    .catch(null),
  height: z.number().positive().nullable().catch(null),
});

const isColumn = (name: string): name is LayerColumn => LAYER_COLUMNS.some((column) => column === name);

/** The parts of what was remembered that still mean something; null when there are none. */
function read(text: string | null) {
  if (text === null) return null;
  try {
    const { columns, order, height } = remembered.parse(JSON.parse(text));
    const layerColumns = LAYER_COLUMNS.filter((column) => column === 'name' || columns.includes(column));
    return {
      ...(layerColumns.length > 1 ? { layerColumns } : {}),
      layerOrder: order !== null && isColumn(order.column) ? order : null,
      lowerHeight: height,
    };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** Columns, sort and height of the layers table are the reader's, not the model's: they outlast the page. */
export function rememberTable(store: StudioStore, storage: Pick<Storage, 'getItem' | 'setItem'>): void {
  const known = read(storage.getItem(KEY));
  if (known !== null) store.setState(known);
  store.subscribe(({ layerColumns, layerOrder, lowerHeight }, before) => {
    const isSame =
      layerColumns === before.layerColumns &&
      layerOrder === before.layerOrder &&
      lowerHeight === before.lowerHeight;
    if (isSame) return;
    storage.setItem(KEY, JSON.stringify({ columns: layerColumns, order: layerOrder, height: lowerHeight }));
  });
}

import { LAYER_COLUMN_SPECS } from '../../store/layersTable/columns';
import type { LayerColumn } from '../../store/studio';

/** The column that takes the room that is left: the first of these that is shown. */
const GROWING: readonly LayerColumn[] = ['reason', 'region', 'rule', 'name'];

const MARK_WIDTH = 32;
/** Of a character of a name, and what stands around it. */
const CHARACTER = 7.3;
const PADDING = 20;
const NAME_WIDTHS = { least: 84, most: 250 } as const;

export interface ColumnWidths {
  /** Pixels, the mark first; null takes what is left. */
  readonly widths: readonly (number | null)[];
  /** What the table needs at least. */
  readonly total: number;
}

/** The widths follow from the columns and from all names, so that they stay as they are while rows come and go. */
export function columnWidths(columns: readonly LayerColumn[], names: readonly string[]): ColumnWidths {
  const longest = names.reduce((most, { length }) => Math.max(most, length), 0);
  const nameWidth = Math.ceil(longest * CHARACTER + PADDING);
  const widthOf = (column: LayerColumn) =>
    column === 'name'
      ? Math.min(NAME_WIDTHS.most, Math.max(NAME_WIDTHS.least, nameWidth))
      : LAYER_COLUMN_SPECS[column].width;
  const growing = GROWING.find((column) => columns.includes(column));
  return {
    widths: [MARK_WIDTH, ...columns.map((column) => (column === growing ? null : widthOf(column)))],
    total: MARK_WIDTH + columns.reduce((sum, column) => sum + widthOf(column), 0),
  };
}

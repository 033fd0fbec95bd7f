import type { WeightMap } from '../../../src/index';
import type { Sight } from '../figure/drawFigure';
import { showing } from '../sight';
import type { Place } from './useGestures';

/** An entry of a weight's matrix. */
export interface Entry {
  readonly row: number;
  readonly column: number;
}
type Matrix = Pick<WeightMap, 'rows' | 'columns'>;

const bounded = (value: number, length: number): number => Math.min(length - 1, Math.max(0, value));

/** The entry under a place. */
export const entryAt = ({ rows, columns }: Matrix, { x, y }: Place): Entry => ({
  row: bounded(Math.floor(y), rows),
  column: bounded(Math.floor(x), columns),
});

/** The entry so many columns and rows on; without one before, the first in sight. */
export function entryAfter(
  { rows, columns }: Matrix,
  entry: Entry | null,
  sight: Sight,
  byColumns: number,
  byRows: number,
): Entry {
  if (entry === null)
    return {
      row: bounded(Math.ceil(sight.y[1]), rows),
      column: bounded(Math.ceil(sight.x[0]), columns),
    };
  return { row: bounded(entry.row + byRows, rows), column: bounded(entry.column + byColumns, columns) };
}

/** The sight with the whole entry in it, moved as little as does it. */
export const showingEntry = (sight: Sight, limits: Sight, { row, column }: Entry): Sight => ({
  x: showing(showing(sight.x, limits.x, column), limits.x, column + 1),
  y: showing(showing(sight.y, limits.y, row), limits.y, row + 1),
});

/**
 * The column of the layer's input that an entry is multiplied with. A grouped convolution's weight has the columns of one
 * group, and the entry's row says which group that is.
 */
export function columnOfEntry(map: WeightMap, channels: number, { row, column }: Entry): number {
  const perGroup = map.columns / map.taps;
  const group = Math.floor((row * Math.max(1, Math.floor(channels / perGroup))) / map.rows);
  return group * perGroup + Math.floor(column / map.taps);
}

/** The middle of an input column in the map, kernel and all. */
export function placeOfColumn(map: WeightMap, column: number): number {
  const perGroup = map.columns / map.taps;
  return ((column % perGroup) + 0.5) * map.taps;
}

import { GraphError } from '../../graph/errors';
import { asFloat, type FloatTensor, type Tensor } from '../../graph/tensor';
import { rowsFirst } from '../../quant/rowsFirst';
import { fusedModel, layersOf } from '../layerColumns';
import type { StepName } from '../settings';
import { keepThrough } from '../snapshotSteps';
import type { Snapshots } from '../snapshots';
import type { MapSize, MatrixWindow, WeightMap } from './plotViews';

/**
 * The weight of a layer before equalization and, where it has run by that step, after, in cells of the window; the whole
 * matrix without a window. Throws a GraphError when the node is no layer.
 */
export function weightMap(
  snapshots: Snapshots,
  step: StepName,
  name: string,
  window: MatrixWindow | null,
  size: MapSize,
): WeightMap {
  const shown = keepThrough(snapshots, step);
  const layer = layersOf(shown).find(({ node }) => node.name === name);
  if (!layer) throw new GraphError(`Node '${name}' is not a layer: it has no weight to draw.`, name);
  const { weight } = layer.call.attrs;
  const matrix = (tensor: Tensor | undefined) => rowsFirst(layer.call, asFloat(tensor, weight));
  const before = matrix(fusedModel(shown).params[weight]);
  const after = shown.equalize ? matrix(shown.equalize.model.params[weight]) : null;
  const [rows = 0, , ...kernel] = before.shape;
  return {
    layer: name,
    taps: kernel.reduce((taps, length) => taps * length, 1),
    ...mapOf(before, after, rows, window, size),
  };
}

/** Whole numbers within the matrix, at least one entry. */
function inside([from, to]: readonly [number, number], length: number): readonly [number, number] {
  const first = Math.min(Math.max(0, Math.floor(from)), Math.max(0, length - 1));
  return [first, Math.min(length, Math.max(first + 1, Math.ceil(to)))];
}

function mapOf(
  before: FloatTensor,
  after: FloatTensor | null,
  rows: number,
  wanted: MatrixWindow | null,
  size: MapSize,
): Omit<WeightMap, 'layer' | 'taps'> {
  // A lazy tensor makes its data anew at every access.
  const [left, right] = [before.data, after?.data ?? null];
  const columns = rows === 0 ? 0 : left.length / rows;
  const window: MatrixWindow = {
    rows: inside(wanted?.rows ?? [0, rows], rows),
    columns: inside(wanted?.columns ?? [0, columns], columns),
  };
  const cellRows = Math.min(Math.max(1, size.rows), window.rows[1] - window.rows[0]);
  const cellColumns = Math.min(Math.max(1, size.columns), window.columns[1] - window.columns[0]);
  const cells = (entry: (at: number) => number) => cellsOf(entry, columns, window, cellRows, cellColumns);
  const changed = right && ((at: number) => (right[at] ?? Number.NaN) - (left[at] ?? Number.NaN));
  return {
    rows,
    columns,
    window,
    cellRows,
    cellColumns,
    before: cells((at) => left[at] ?? Number.NaN),
    after: right && cells((at) => right[at] ?? Number.NaN),
    difference: changed && cells(changed),
    most: Math.max(
      largest(left.length, (at) => left[at] ?? 0),
      right ? largest(right.length, (at) => right[at] ?? 0) : 0,
    ),
    mostDifference: changed ? largest(left.length, changed) : 0,
  };
}

function largest(length: number, entry: (at: number) => number): number {
  let most = 0;
  for (let at = 0; at < length; at++) {
    const size = Math.abs(entry(at));
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  return most;
}

/** Each entry goes to the one cell that its row and column fall into; NaN wins, so that it is seen. */
function cellsOf(
  entry: (at: number) => number,
  columns: number,
  window: MatrixWindow,
  cellRows: number,
  cellColumns: number,
): Float32Array {
  const cells = new Float32Array(cellRows * cellColumns);
  const [firstRow, endRow] = window.rows;
  const [firstColumn, endColumn] = window.columns;
  const [height, width] = [endRow - firstRow, endColumn - firstColumn];
  const columnCell = Int32Array.from({ length: width }, (_, i) => Math.floor((i * cellColumns) / width));
  for (let row = 0; row < height; row++) {
    const cellStart = Math.floor((row * cellRows) / height) * cellColumns;
    const start = (firstRow + row) * columns + firstColumn;
    for (let column = 0; column < width; column++) {
      const cell = cellStart + (columnCell[column] ?? 0);
      const value = entry(start + column);
      const known = cells[cell] ?? 0;
      if (Math.abs(value) > Math.abs(known) || Number.isNaN(value)) cells[cell] = value;
    }
  }
  return cells;
}

import type { FloatTensor, Tensor } from '../graph/tensor';
import { groupsOf, type LayerCall } from '../quant/layerAxes';
import { rowsFirst } from '../quant/rowsFirst';
import { type ColumnRange, columnRange, divideColumns, multiplyRows } from './weight';

/* What `weight.ts` does to a weight `[out, in / groups, …]`, for any layer's. */

/** To exchange the axes again gives them back. */
const asBefore = rowsFirst;

/**
 * Tensors never change, so neither do their ranges: the views of a model, each rule and each run of equalization ask for
 * them again.
 */
const ranges = new WeakMap<Tensor, Map<string, ColumnRange>>();

/** Which numbers of a weight one column is. */
const columnsOf = (call: LayerCall): string =>
  call.op === 'conv_transpose' ? `rows in ${call.attrs.groups}` : `columns in ${groupsOf(call)}`;

function remembered(weight: FloatTensor, columns: string, find: () => ColumnRange): ColumnRange {
  const known = ranges.get(weight) ?? new Map<string, ColumnRange>();
  const range = known.get(columns) ?? find();
  known.set(columns, range);
  ranges.set(weight, known);
  return range;
}

export const columnRangeOf = (call: LayerCall, weight: FloatTensor): ColumnRange =>
  remembered(weight, columnsOf(call), () => columnRange(rowsFirst(call, weight), groupsOf(call)));

/** Whether `columnRangeOf` answers without reading the weight. */
export const isRangeKnown = (call: LayerCall, weight: FloatTensor): boolean =>
  ranges.get(weight)?.has(columnsOf(call)) ?? false;

/** Along axis 1 of the weight, whatever layer it is of and whatever its groups, as PyTorch's observer ranges it. */
export const axisOneRange = (weight: FloatTensor): ColumnRange =>
  remembered(weight, 'columns in 1', () => columnRange(weight));

export const withDividedColumns = (call: LayerCall, weight: FloatTensor, scale: Float32Array): FloatTensor =>
  asBefore(call, divideColumns(rowsFirst(call, weight), scale, groupsOf(call)));

export const withMultipliedRows = (call: LayerCall, weight: FloatTensor, scale: Float32Array): FloatTensor =>
  asBefore(call, multiplyRows(rowsFirst(call, weight), scale));

import type { FloatTensor } from '../graph/tensor';
import { groupsOf, type LayerCall } from '../quant/layerAxes';
import { rowsFirst } from '../quant/rowsFirst';
import type { ChannelRange } from './scale';
import { columnRange, divideColumns, multiplyRows } from './weight';

/* What `weight.ts` does to a weight `[out, in / groups, …]`, for any layer's. */

/** To exchange the axes again gives them back. */
const asBefore = rowsFirst;

export const columnRangeOf = (call: LayerCall, weight: FloatTensor): ChannelRange =>
  columnRange(rowsFirst(call, weight), groupsOf(call));

export const withDividedColumns = (call: LayerCall, weight: FloatTensor, scale: Float32Array): FloatTensor =>
  asBefore(call, divideColumns(rowsFirst(call, weight), scale, groupsOf(call)));

export const withMultipliedRows = (call: LayerCall, weight: FloatTensor, scale: Float32Array): FloatTensor =>
  asBefore(call, multiplyRows(rowsFirst(call, weight), scale));

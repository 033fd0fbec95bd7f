import { computedTensor, isLazy } from '../graph/lazyTensor';
import { groupStarts, noteScaledRows, partsOf, type RowsScaling, scaledRowsOf } from '../graph/scaledRows';
import type { FloatTensor } from '../graph/tensor';
import { rangeColumns, scaleRows } from '../wasm/hostRows';

/**
 * A weight whose rows are scaled, at once or, when it is lazy, whenever it is asked for. Scalings of scalings are made in one
 * go, from what lies in the file to what is asked for: between a weight's columns and its rows nothing is kept.
 */
export function scaledWeight(weight: FloatTensor, scaling: RowsScaling): FloatTensor {
  const { origin, scalings } = scaledRowsOf(weight) ?? { origin: weight, scalings: [] };
  const all = [...scalings, scaling];
  const tensor = computedTensor(weight.shape, [origin], () => scaledData(origin, all));
  if (isLazy(tensor)) noteScaledRows(tensor, { origin, scalings: all });
  return tensor;
}

const sizesOf = ({ shape: [rows = 0] }: FloatTensor, { length }: Float32Array) => ({
  rows,
  rowSize: rows === 0 ? 0 : length / rows,
});

function scaledData(origin: FloatTensor, scalings: readonly RowsScaling[]): Float32Array {
  const { data } = origin;
  const { rows, rowSize } = sizesOf(origin, data);
  const out = new Float32Array(data.length);
  for (const { from, until, scalings: own } of partsOf(scalings, rows, rowSize)) {
    const part = [from * rowSize, until * rowSize] as const;
    scaleRows(data.subarray(...part), out.subarray(...part), rowSize, own);
  }
  return out;
}

/**
 * Widens the ranges `low` and `high` of each position in the rows of each group, one group's positions behind the other's, by
 * a weight's rows. A lazy weight that is another one scaled is multiplied on the way and not made. NaN is left out; says
 * whether there was one.
 */
export function rangePositions(
  weight: FloatTensor,
  groups: number,
  low: Float32Array,
  high: Float32Array,
): boolean {
  const { origin, scalings } = scaledRowsOf(weight) ?? { origin: weight, scalings: [] };
  const { data } = origin;
  const { rows, rowSize } = sizesOf(origin, data);
  if (rows === 0) return false;
  let hasNaN = false;
  for (const { from, until, scalings: own } of partsOf(scalings, rows, rowSize, groupStarts(rows, groups))) {
    const group = Math.floor((from * groups) / rows);
    const positions = [group * rowSize, (group + 1) * rowSize] as const;
    const part = data.subarray(from * rowSize, until * rowSize);
    const found = rangeColumns(part, low.subarray(...positions), high.subarray(...positions), own);
    hasNaN ||= found;
  }
  return hasNaN;
}

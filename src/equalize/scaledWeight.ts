import { computedTensor, isLazy } from '../graph/lazyTensor';
import type { FloatTensor, Tensor } from '../graph/tensor';
import { type Scaling, scaleRows } from '../wasm/hostRows';

/**
 * What the rows of a weight are multiplied with: each by a factor, or by one factor for each of its numbers, which are other
 * ones in each group of rows.
 */
export type WeightScaling =
  | { readonly by: 'row'; readonly factors: Float32Array }
  | { readonly by: 'column'; readonly factors: Float32Array; readonly groups: number };

/** Tensors whose data is made when it is asked for, with what they are made of. */
interface Scaled {
  readonly origin: FloatTensor;
  readonly scalings: readonly WeightScaling[];
}
const scaled = new WeakMap<Tensor, Scaled>();

/**
 * A weight whose rows are scaled, at once or, when it is lazy, whenever it is asked for. Scalings of scalings are made in one
 * go, from what lies in the file to what is asked for: between a weight's columns and its rows nothing is kept.
 */
export function scaledWeight(weight: FloatTensor, scaling: WeightScaling): FloatTensor {
  const { origin, scalings } = scaled.get(weight) ?? { origin: weight, scalings: [] };
  const all = [...scalings, scaling];
  const tensor = computedTensor(weight.shape, [origin], () => scaledData(origin, all));
  if (isLazy(tensor)) scaled.set(tensor, { origin, scalings: all });
  return tensor;
}

/** The row with which each of so many groups begins. */
export const groupStarts = (rows: number, groups: number): readonly number[] =>
  Array.from({ length: groups }, (_, group) => Math.ceil((group * rows) / groups));

function scaledData(
  { shape: [rows = 0], data }: FloatTensor,
  scalings: readonly WeightScaling[],
): Float32Array {
  const out = new Float32Array(data.length);
  const rowSize = rows === 0 ? 0 : data.length / rows;
  const starts = new Set(
    scalings.flatMap((scaling) => (scaling.by === 'column' ? groupStarts(rows, scaling.groups) : [0])),
  );
  const bounds = [...starts, rows].sort((a, b) => a - b);
  bounds.slice(1).forEach((until, i) => {
    const from = bounds[i] ?? 0;
    const part = [from * rowSize, until * rowSize] as const;
    const own = scalings.map((scaling) => ofRows(scaling, rows, rowSize, [from, until]));
    scaleRows(data.subarray(...part), out.subarray(...part), rowSize, own);
  });
  return out;
}

/** For rows of one group. */
function ofRows(
  scaling: WeightScaling,
  rows: number,
  rowSize: number,
  [from, until]: readonly [number, number],
): Scaling {
  const { by, factors } = scaling;
  if (by === 'row') return { by, factors: factors.subarray(from, until) };
  const group = Math.floor((from * scaling.groups) / rows);
  return { by, factors: factors.subarray(group * rowSize, (group + 1) * rowSize) };
}

import { computedTensor } from '../graph/lazyTensor';
import type { FloatTensor } from '../graph/tensor';
import type { LayerCall } from './layerAxes';

/**
 * `[in, out / groups, …kernel]` as `[out, in / groups, …kernel]`, and back: within each group, the first two axes change places.
 */
export function exchanged(tensor: FloatTensor, groups: number): FloatTensor {
  const [first = 0, perGroup = 0, ...kernel] = tensor.shape;
  const taps = kernel.reduce((size, length) => size * length, 1);
  const rows = first / groups;
  return computedTensor([perGroup * groups, rows, ...kernel], [tensor], () => {
    const { data } = tensor;
    const out = new Float32Array(data.length);
    for (let a = 0; a < first; a++)
      for (let b = 0; b < perGroup; b++) {
        const to = ((Math.floor(a / rows) * perGroup + b) * rows + (a % rows)) * taps;
        const from = (a * perGroup + b) * taps;
        out.set(data.subarray(from, from + taps), to);
      }
    return out;
  });
}

/** The weight with its output channels first. */
export const rowsFirst = (call: LayerCall, weight: FloatTensor): FloatTensor =>
  call.op === 'conv_transpose' ? exchanged(weight, call.attrs.groups) : weight;

import { floatTensor, sizeOf, type Tensor } from '../../graph/tensor';

/** A tensor with its axes reordered: `order[i]` is the axis that becomes axis i. */
export function transposed(tensor: Tensor, order: readonly number[]): Tensor {
  const { shape, data } = tensor;
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const outShape = order.map((axis) => shape[axis] ?? 1);
  const steps = order.map((axis) => strides[axis] ?? 1);
  const out = new Float32Array(data.length);
  const position = outShape.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from] ?? 0;
    for (let axis = outShape.length - 1; axis >= 0; axis--) {
      const next = (position[axis] ?? 0) + 1;
      if (next < (outShape[axis] ?? 0)) {
        position[axis] = next;
        from += steps[axis] ?? 0;
        break;
      }
      from -= (next - 1) * (steps[axis] ?? 0);
      position[axis] = 0;
    }
  }
  return floatTensor(outShape, out);
}

/** The same data under another shape. */
export const reshaped = (tensor: Tensor, shape: readonly number[]): Tensor => ({ ...tensor, shape });

/** Keras's kernel `[…spatial, in, out]` as PyTorch's `[out, in, …spatial]`. */
export const convKernel = (kernel: Tensor): Tensor => {
  const rank = kernel.shape.length;
  return transposed(kernel, [rank - 1, rank - 2, ...Array.from({ length: rank - 2 }, (_, i) => i)]);
};

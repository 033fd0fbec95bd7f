import { computedTensor } from '../../graph/lazyTensor';
import { type FloatTensor, sizeOf } from '../../graph/tensor';

/** The transpose of a matrix `[rows, columns]`. */
export function transposed(matrix: FloatTensor): FloatTensor {
  const [rows = 0, columns = 0] = matrix.shape;
  return computedTensor([columns, rows], [matrix], () => {
    const { data } = matrix;
    const out = new Float32Array(data.length);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        out[column * rows + row] = data[row * columns + column] ?? 0;
    return out;
  });
}

/** The tensor times a number, in float32; the tensor itself for 1. A factor 0 gives 0, also for Inf and NaN. */
export function scaled(tensor: FloatTensor, factor: number): FloatTensor {
  if (factor === 1) return tensor;
  return computedTensor(tensor.shape, [tensor], () =>
    factor === 0 ? new Float32Array(sizeOf(tensor.shape)) : tensor.data.map((value) => value * factor),
  );
}

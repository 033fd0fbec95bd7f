import { type FloatTensor, floatTensor } from '../../graph/tensor';

/** The transpose of a matrix `[rows, columns]`. */
export function transposed({ shape, data }: FloatTensor): FloatTensor {
  const [rows = 0, columns = 0] = shape;
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = data[row * columns + column] ?? 0;
  return floatTensor([columns, rows], out);
}

/** The tensor times a number, in float32; the tensor itself for 1. A factor 0 gives 0, also for Inf and NaN. */
export function scaled(tensor: FloatTensor, factor: number): FloatTensor {
  if (factor === 1) return tensor;
  const data =
    factor === 0 ? new Float32Array(tensor.data.length) : tensor.data.map((value) => value * factor);
  return floatTensor(tensor.shape, data);
}

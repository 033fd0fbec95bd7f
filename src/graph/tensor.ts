import { GraphError } from './errors';

/** Element types that the studio computes with. Readers convert wider or narrower types and say so. */
export type DType = 'float32' | 'int32' | 'bool';

export type TensorData = Float32Array | Int32Array | Uint8Array;

/** A constant tensor in row-major order. Its data is never written. Of a lazy one it is made at every access. */
export interface Tensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface FloatTensor extends Tensor {
  readonly dtype: 'float32';
  readonly data: Float32Array;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

/** A float32 tensor; throws a GraphError when the data does not fill the shape. */
export function floatTensor(shape: readonly number[], data: Float32Array): FloatTensor {
  if (sizeOf(shape) !== data.length)
    throw new GraphError(
      `internal: ${data.length} values do not fill a tensor of shape [${shape.join(', ')}].`,
    );
  return { dtype: 'float32', shape, data };
}

/** The data's type follows from the dtype; a lazy tensor's is not made to see it. */
const isFloat = (tensor: Tensor): tensor is FloatTensor => tensor.dtype === 'float32';

/** Narrows to float32; `what` names the tensor in the error. */
export function asFloat(tensor: Tensor | undefined, what: string): FloatTensor {
  if (tensor === undefined) throw new GraphError(`Tensor '${what}' is missing.`);
  if (!isFloat(tensor)) throw new GraphError(`Tensor '${what}' is ${tensor.dtype}; float32 is needed here.`);
  return tensor;
}

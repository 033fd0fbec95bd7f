import { create } from '@bufbuild/protobuf';
import { type FloatTensor, sizeOf } from '../../../graph/tensor';
import { isQuantizedDType, type QuantizedDType } from '../../../quant/spec';
import { ELEMENT } from '../elementTypes';
import { type TensorProto, TensorProtoSchema } from '../gen/onnx_pb';

/* 8-bit integers as initializers. */

const ELEMENT_OF: { readonly [D in QuantizedDType]: number } = {
  'torch.quint8': ELEMENT.UINT8,
  'torch.qint8': ELEMENT.INT8,
};

/** ONNX's 8-bit element type of a quantized PyTorch type; undefined for any other. */
export const quantizedElement = (dtype: string): number | undefined =>
  isQuantizedDType(dtype) ? ELEMENT_OF[dtype] : undefined;

/** Whole numbers of an 8-bit type under a name. */
export function integerProto(
  name: string,
  dims: readonly number[],
  values: ArrayLike<number>,
  elementType: number,
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: elementType,
    rawData: Uint8Array.from(values),
  });
}

/** The integers of a matrix `[rows, columns]` as `[columns, rows]`. */
export function transposedLevels({ shape }: FloatTensor, levels: Float32Array): Float32Array {
  const [rows = 0, columns = 0] = shape;
  const result = new Float32Array(sizeOf(shape));
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = levels[row * columns + column] ?? 0;
  return result;
}

import { create } from '@bufbuild/protobuf';
import type { WeightGrid } from '../../../graph/op';
import { type FloatTensor, sizeOf } from '../../../graph/tensor';
import type { QParams } from '../../../quant/qparams';
import { weightOnGrid } from '../../../quant/quantizeWeight';
import { isQuantizedDType, type QuantizedDType } from '../../../quant/spec';
import { ELEMENT } from '../file/elementTypes';
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

/** The integers that a weight is stored as, one or one grid for each slice along an axis. */
export function weightLevels(
  weight: FloatTensor,
  qparams: readonly QParams[],
  grid: Pick<WeightGrid, 'axis' | 'dtype'>,
): Float32Array {
  const inner = sizeOf(grid.axis === null ? weight.shape : weight.shape.slice(grid.axis + 1));
  return weightOnGrid(weight, qparams, grid).data.map((value, i) => {
    const { scale, zeroPoint } = qparams[Math.floor(i / inner) % qparams.length] ?? {
      scale: 1,
      zeroPoint: 0,
    };
    return Math.round(value / scale) + zeroPoint;
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

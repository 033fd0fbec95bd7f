import { create } from '@bufbuild/protobuf';
import { type Dim, type Shape, UNKNOWN_DIM } from '../../../graph/shape';
import {
  type TensorShapeProto_Dimension,
  TensorShapeProto_DimensionSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../gen/onnx_pb';

/** A tensor input or output of a graph; an unknown shape is left out, an unknown dimension has neither size nor name. */
export function valueInfo(name: string, shape: Shape, elemType: number): ValueInfoProto {
  const dims = shape?.map(dimension);
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType, ...(dims ? { shape: { dim: dims } } : {}) } } },
  });
}

function dimension(dim: Dim): TensorShapeProto_Dimension {
  if (dim === UNKNOWN_DIM) return create(TensorShapeProto_DimensionSchema);
  return create(TensorShapeProto_DimensionSchema, {
    value:
      typeof dim === 'number' ? { case: 'dimValue', value: BigInt(dim) } : { case: 'dimParam', value: dim },
  });
}

/** The stated shape; a dimension without size or name is the batch `n` in front and `?` elsewhere. */
export function statedShape(info: ValueInfoProto): Shape {
  const type = info.type?.value;
  const shape = type?.case === 'tensorType' ? type.value.shape : undefined;
  if (!shape) return null;
  return shape.dim.map(({ value }, axis) => {
    if (value.case === 'dimValue' && value.value > 0n) return Number(value.value);
    if (value.case === 'dimParam' && value.value !== '') return value.value;
    return axis === 0 ? 'n' : UNKNOWN_DIM;
  });
}

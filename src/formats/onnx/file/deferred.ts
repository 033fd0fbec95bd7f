import { create } from '@bufbuild/protobuf';
import { lazyTensor } from '../../../graph/lazyTensor';
import type { FloatTensor, Tensor } from '../../../graph/tensor';
import { type ByteSource, blobPart, type FilePart } from '../../byteSource';
import { readRangeSync } from '../../readRange';
import { type TensorProto, TensorProtoSchema } from '../gen/onnx_pb';
import { isFloatElement } from './elementTypes';
import { checkedShape, readTensor } from './tensorProto';
import { floatProto, floatSize, viewFloats } from './tensorWrite';

/** Smaller tensors are kept in memory: a read costs more than they do. */
export const DEFERRED_BYTES = 2 ** 16;

/** A tensor's `raw_data` that is not in memory: a range of a file, or what is computed of others. */
export interface DeferredData {
  readonly bytes: number;
  read(): Uint8Array;
  /** The same as a part of a file to be written. */
  part(): FilePart;
}

/** The `raw_data` of those tensors of a model that have none in their TensorProto. */
export type Deferred = Map<TensorProto, DeferredData>;

/** Whether a range of a file is worth leaving there, and can be read when a tensor is asked for. */
export const canDefer = (source: ByteSource, start: number, end: number): boolean =>
  end - start >= DEFERRED_BYTES && source.readSync !== undefined;

/** Bytes `[start, end)` of a file, which is known to be that long. */
export function rangeData(source: ByteSource, start: number, end: number, what: string): DeferredData {
  const read = () => readRangeSync(source, start, end, what);
  return {
    bytes: end - start,
    read,
    part: () => source.part?.(start, end) ?? new Uint8Array(read()),
  };
}

/** A float tensor of the IR under a name, in an ONNX type; of a lazy one the values wait until they are written. */
export function deferFloats(
  deferred: Deferred,
  name: string,
  tensor: FloatTensor,
  elementType: number,
): TensorProto {
  const proto = create(TensorProtoSchema, { name, dims: tensor.shape.map(BigInt), dataType: elementType });
  const read = () => floatProto(name, tensor.shape, tensor.data, elementType).rawData;
  deferred.set(proto, {
    bytes: floatSize(tensor.shape, elementType),
    read,
    part: () => blobPart(viewFloats(tensor.data, elementType, name)),
  });
  return proto;
}

/** A tensor with its values, wherever they are. */
export function loadedProto(proto: TensorProto, deferred: Deferred): TensorProto {
  const data = deferred.get(proto);
  if (!data) return proto;
  const { name, dims, dataType } = proto;
  return create(TensorProtoSchema, { name, dims, dataType, rawData: data.read() });
}

/** `readTensor`, lazily for deferred floats: shape and size are checked at once, the values are read when needed. */
export function readTensorLazily(proto: TensorProto, deferred: Deferred, file: string): Tensor {
  const data = deferred.get(proto);
  if (!data) return readTensor(proto, file);
  // Integers must be seen at once, since they may not fit int32.
  if (!isFloatElement(proto.dataType)) return readTensor(loadedProto(proto, deferred), file);
  const shape = checkedShape(proto, data.bytes, file);
  return lazyTensor('float32', shape, () => readTensor(loadedProto(proto, deferred), file).data);
}

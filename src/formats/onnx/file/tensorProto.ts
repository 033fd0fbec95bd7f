import { sizeOf, type Tensor } from '../../../graph/tensor';
import { FormatError } from '../../errors';
import { type TensorProto, TensorProto_DataLocation } from '../gen/onnx_pb';
import { ELEMENT, elementName, isFloatElement } from './elementTypes';
import { bfloat16ToNumber, float16ToNumber } from './half';

/** How one element type lies in a TensorProto: its width and reader in `raw_data`, and its typed field otherwise. */
interface Storage {
  readonly bytes: number;
  readonly raw: (view: DataView, offset: number) => number;
  readonly field: (proto: TensorProto) => ArrayLike<number | bigint>;
  /** From a field element to the value; only the 16-bit floats are stored as bit patterns. */
  readonly decode?: (bits: number) => number;
}

const int32Field = (proto: TensorProto) => proto.int32Data;

/** TensorProto's storage rules (onnx.proto, the comments of TensorProto's data fields). */
const STORAGE: Readonly<Record<number, Storage>> = {
  [ELEMENT.FLOAT]: { bytes: 4, raw: (v, o) => v.getFloat32(o, true), field: (p) => p.floatData },
  [ELEMENT.DOUBLE]: { bytes: 8, raw: (v, o) => v.getFloat64(o, true), field: (p) => p.doubleData },
  [ELEMENT.FLOAT16]: {
    bytes: 2,
    raw: (v, o) => float16ToNumber(v.getUint16(o, true)),
    field: int32Field,
    decode: float16ToNumber,
  },
  [ELEMENT.BFLOAT16]: {
    bytes: 2,
    raw: (v, o) => bfloat16ToNumber(v.getUint16(o, true)),
    field: int32Field,
    decode: bfloat16ToNumber,
  },
  [ELEMENT.INT8]: { bytes: 1, raw: (v, o) => v.getInt8(o), field: int32Field },
  [ELEMENT.UINT8]: { bytes: 1, raw: (v, o) => v.getUint8(o), field: int32Field },
  [ELEMENT.BOOL]: { bytes: 1, raw: (v, o) => v.getUint8(o), field: int32Field },
  [ELEMENT.INT16]: { bytes: 2, raw: (v, o) => v.getInt16(o, true), field: int32Field },
  [ELEMENT.UINT16]: { bytes: 2, raw: (v, o) => v.getUint16(o, true), field: int32Field },
  [ELEMENT.INT32]: { bytes: 4, raw: (v, o) => v.getInt32(o, true), field: int32Field },
  [ELEMENT.UINT32]: { bytes: 4, raw: (v, o) => v.getUint32(o, true), field: (p) => p.uint64Data },
  [ELEMENT.INT64]: { bytes: 8, raw: (v, o) => Number(v.getBigInt64(o, true)), field: (p) => p.int64Data },
  [ELEMENT.UINT64]: { bytes: 8, raw: (v, o) => Number(v.getBigUint64(o, true)), field: (p) => p.uint64Data },
};

export const tensorTitle = (proto: TensorProto): string => `tensor '${proto.name || '(unnamed)'}'`;

/** The shape of a TensorProto; a FormatError when a dimension is negative or the size is not a safe integer. */
export function tensorShape(proto: TensorProto, file: string): readonly number[] {
  const shape = proto.dims.map(Number);
  if (shape.some((dim) => dim < 0) || !Number.isSafeInteger(sizeOf(shape)))
    throw new FormatError(file, `${tensorTitle(proto)} has the impossible shape [${shape.join(', ')}].`);
  return shape;
}

function storageOf(proto: TensorProto, file: string): Storage {
  if (proto.dataLocation === TensorProto_DataLocation.EXTERNAL)
    throw new FormatError(
      file,
      `${tensorTitle(proto)} keeps its values in another file (external data), which the studio cannot read yet. Save the model as one file: onnx.save(onnx.load(path), out).`,
    );
  const storage = STORAGE[proto.dataType];
  if (!storage)
    throw new FormatError(
      file,
      `${tensorTitle(proto)} has element type ${elementName(proto.dataType)}, which the studio cannot read; it reads ${Object.keys(ELEMENT).join(', ')}.`,
    );
  return storage;
}

/** Writes the tensor's values into `target` as plain numbers. The sizes were checked. */
function fill(proto: TensorProto, storage: Storage, target: { [index: number]: number }, size: number): void {
  const { rawData } = proto;
  if (rawData.length > 0) {
    const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
    for (let i = 0; i < size; i++) target[i] = storage.raw(view, i * storage.bytes);
    return;
  }
  const values = storage.field(proto);
  for (let i = 0; i < size; i++) {
    const value = Number(values[i]);
    target[i] = storage.decode ? storage.decode(value) : value;
  }
}

/** Compares what the shape asks for with what the file holds, before anything is allocated. */
function checkSize(proto: TensorProto, storage: Storage, size: number, file: string): void {
  const raw = proto.rawData.length;
  checkHeld(proto, raw > 0 ? raw / storage.bytes : storage.field(proto).length, size, file);
}

function checkHeld(proto: TensorProto, held: number, size: number, file: string): void {
  if (held !== size)
    throw new FormatError(
      file,
      `${tensorTitle(proto)} holds ${held} values; its shape [${proto.dims.join(', ')}] needs ${size}.`,
    );
}

/** The shape of a tensor whose `raw_data` of so many bytes is elsewhere; a FormatError when the two do not fit. */
export function checkedShape(proto: TensorProto, rawBytes: number, file: string): readonly number[] {
  const shape = tensorShape(proto, file);
  checkHeld(proto, rawBytes / storageOf(proto, file).bytes, sizeOf(shape), file);
  return shape;
}

/** The values of a small integer or float tensor (a shape, an axis, a flag) as numbers. */
export function readNumbers(proto: TensorProto, file: string): readonly number[] {
  const storage = storageOf(proto, file);
  const size = sizeOf(tensorShape(proto, file));
  checkSize(proto, storage, size, file);
  const values: number[] = [];
  fill(proto, storage, values, size);
  return values;
}

/** Takes `raw_data` over when it is float32 already, in one move at most, whatever its alignment in the file. */
function copyFloats(proto: TensorProto, size: number): Float32Array | null {
  if (proto.dataType !== ELEMENT.FLOAT || proto.rawData.length === 0) return null;
  // Bytes that fill their own buffer are of a range that was read for this tensor alone.
  const { buffer, byteLength } = proto.rawData;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) return new Float32Array(buffer);
  const data = new Float32Array(size);
  new Uint8Array(data.buffer).set(proto.rawData);
  return data;
}

/**
 * A TensorProto as a tensor of the IR: floats become float32, integers int32, BOOL bool.
 * Throws a FormatError for external data, an unknown type, a size that does not fit, or an integer beyond int32.
 */
export function readTensor(proto: TensorProto, file: string): Tensor {
  const storage = storageOf(proto, file);
  const shape = tensorShape(proto, file);
  const size = sizeOf(shape);
  checkSize(proto, storage, size, file);
  if (isFloatElement(proto.dataType)) {
    const copied = copyFloats(proto, size);
    if (copied) return { dtype: 'float32', shape, data: copied };
    const data = new Float32Array(size);
    fill(proto, storage, data, size);
    return { dtype: 'float32', shape, data };
  }
  if (proto.dataType === ELEMENT.BOOL) {
    const data = new Uint8Array(size);
    fill(proto, storage, data, size);
    return { dtype: 'bool', shape, data };
  }
  return { dtype: 'int32', shape, data: readInt32(proto, storage, size, file) };
}

function readInt32(proto: TensorProto, storage: Storage, size: number, file: string): Int32Array {
  const wide = new Float64Array(size);
  fill(proto, storage, wide, size);
  const beyond = wide.find((value) => value !== (value | 0));
  if (beyond !== undefined)
    throw new FormatError(
      file,
      `${tensorTitle(proto)} (${elementName(proto.dataType)}) holds ${beyond}, which does not fit the studio's 32-bit integers.`,
    );
  return Int32Array.from(wide);
}

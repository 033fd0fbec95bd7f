import { create } from '@bufbuild/protobuf';
import { GraphError } from '../../../graph/errors';
import { sizeOf, type Tensor } from '../../../graph/tensor';
import { type TensorProto, TensorProtoSchema } from '../gen/onnx_pb';
import { ELEMENT, elementName } from './elementTypes';
import { FLOAT16_MAX, float16ToNumber, numberToBfloat16, numberToFloat16 } from './half';

/** How one value of a float type is put into `raw_data`. */
interface Encoding {
  readonly bytes: number;
  readonly write: (view: DataView, offset: number, value: number) => void;
}

const ENCODINGS: Readonly<Record<number, Encoding>> = {
  [ELEMENT.FLOAT]: { bytes: 4, write: (v, o, x) => v.setFloat32(o, x, true) },
  [ELEMENT.DOUBLE]: { bytes: 8, write: (v, o, x) => v.setFloat64(o, x, true) },
  [ELEMENT.FLOAT16]: { bytes: 2, write: (v, o, x) => v.setUint16(o, numberToFloat16(x), true) },
  [ELEMENT.BFLOAT16]: { bytes: 2, write: (v, o, x) => v.setUint16(o, numberToBfloat16(x), true) },
};

/**
 * Little-endian `raw_data` of float values in an ONNX float type. Throws a GraphError when FLOAT16 cannot hold them:
 * beyond its range they would become infinite, below it they would lose their digits.
 */
export const encodeFloats = (data: Float32Array, elementType: number, what: string): Uint8Array =>
  viewFloats(elementType === ELEMENT.FLOAT ? data.slice() : data, elementType, what);

/** The same for who copies the bytes at once: of FLOAT they are those of `data`. */
export function viewFloats(data: Float32Array, elementType: number, what: string): Uint8Array {
  const encoding = ENCODINGS[elementType];
  if (!encoding)
    throw new GraphError(`internal: '${what}' is ${elementName(elementType)}, which is no float type.`);
  if (elementType === ELEMENT.FLOAT16) checkHalfRange(data, what);
  // Little-endian machines (WebAssembly and WebGPU exist on no others) have FLOAT as the file has it.
  if (elementType === ELEMENT.FLOAT) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const bytes = new Uint8Array(data.length * encoding.bytes);
  const view = new DataView(bytes.buffer);
  data.forEach((value, i) => {
    encoding.write(view, i * encoding.bytes, value);
  });
  return bytes;
}

/** Bytes of a tensor's values in a float type. */
export const floatSize = (shape: readonly number[], elementType: number): number =>
  sizeOf(shape) * (ENCODINGS[elementType]?.bytes ?? 0);

function checkHalfRange(data: Float32Array, what: string): void {
  const beyond = data.find((value) => Number.isFinite(value) && Math.abs(value) > FLOAT16_MAX);
  if (beyond !== undefined)
    throw new GraphError(
      `'${what}' is FLOAT16 in the file, and its new value ${beyond} is beyond ±${FLOAT16_MAX}. Exclude the layer from equalization, or convert the model to FLOAT first.`,
    );
  const largest = data.reduce(
    (max, value) => (Number.isFinite(value) ? Math.max(max, Math.abs(value)) : max),
    0,
  );
  const coarse = data.find((value) => losesDigits(value, largest));
  if (coarse !== undefined)
    throw new GraphError(
      `'${what}' is FLOAT16 in the file, and its new value ${coarse} is too small for that type to hold. Exclude the layer from equalization, convert the model to FLOAT first, or export .safetensors.`,
    );
}

/** Half the digits of a normal FLOAT16; below 2⁻¹⁴ its numbers have fewer and fewer. */
const HALF_TOLERANCE = 2 ** -10;

/** A value that counts beside the tensor's largest and that FLOAT16 rounds by more than a normal number. */
const losesDigits = (value: number, largest: number): boolean =>
  Math.abs(value) >= largest * HALF_TOLERANCE &&
  Math.abs(float16ToNumber(numberToFloat16(value)) - value) > Math.abs(value) * HALF_TOLERANCE;

const ELEMENT_OF = { float32: ELEMENT.FLOAT, int32: ELEMENT.INT32, bool: ELEMENT.BOOL } as const;

/** ONNX's element type of an IR tensor. */
export const elementTypeOf = (tensor: Tensor): number => ELEMENT_OF[tensor.dtype];

/** An IR tensor as a TensorProto with `raw_data`. */
export function tensorProto(name: string, tensor: Tensor): TensorProto {
  const { data } = tensor;
  const rawData =
    data instanceof Float32Array
      ? encodeFloats(data, ELEMENT.FLOAT, name)
      : new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
  return create(TensorProtoSchema, {
    name,
    dims: tensor.shape.map(BigInt),
    dataType: elementTypeOf(tensor),
    rawData,
  });
}

/** Values in a given float type under a given name and shape. */
export const floatProto = (
  name: string,
  dims: readonly number[],
  data: Float32Array,
  elementType: number,
): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: elementType,
    rawData: encodeFloats(data, elementType, name),
  });

/** Small integer tensors that ops take as inputs (the shape of a Reshape). */
export const int64Proto = (name: string, values: readonly number[]): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dims: [BigInt(values.length)],
    dataType: ELEMENT.INT64,
    int64Data: values.map(BigInt),
  });

export const int64Scalar = (name: string, value: number): TensorProto =>
  create(TensorProtoSchema, { name, dataType: ELEMENT.INT64, int64Data: [BigInt(value)] });

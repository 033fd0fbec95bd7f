import { create } from '@bufbuild/protobuf';
import { sizeOf } from '../../../graph/tensor';
import { ELEMENT, isFloatElement, isIntegerElement } from '../file/elementTypes';
import { floatProto } from '../file/tensorWrite';
import { type TensorProto, TensorProtoSchema } from '../gen/onnx_pb';
import type { GraphReader } from '../reader/graphReader';

/** A constant as numbers, with the element type that the file gives it. Whole numbers are exact up to 2^53. */
export interface HostArray {
  readonly shape: readonly number[];
  readonly elementType: number;
  readonly data: HostData;
}
export type HostData = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Shapes and bounds of slices, whose INT64 may lie beyond 32 bits. */
const SMALL = 4096;

export function hostArray(reader: GraphReader, value: string): HostArray | null {
  const constant = reader.constants.describe(value);
  if (!constant) return null;
  const { shape, elementType } = constant;
  const isSmall = sizeOf(shape) <= SMALL && isIntegerElement(elementType);
  const data = isSmall
    ? Float64Array.from(reader.constants.numbers(value))
    : reader.constants.tensor(value).data;
  return { shape, elementType, data };
}

/** What a rule asks for is more than folding may make. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
}
let room = 0;

/** What `make` gives with room for so many elements; null where it asks for more, or for a size that cannot be. */
export function withRoom<T>(elements: number, make: () => T): T | null {
  room = elements;
  try {
    return make();
  } catch (error) {
    if (error instanceof NoRoom) return null;
    throw error;
  }
}

/** Room for values of an element type. Only within `withRoom`. */
export function roomFor(elementType: number, size: number): HostData {
  if (!(size >= 0 && size <= room)) throw new NoRoom();
  if (isFloatElement(elementType)) return new Float32Array(size);
  return elementType === ELEMENT.BOOL ? new Uint8Array(size) : new Float64Array(size);
}

/** The first whole number beyond what is counted exactly, if there is one. */
export const inexact = ({ elementType, data }: HostArray): number | undefined =>
  isIntegerElement(elementType) ? Array.from(data).find((value) => !Number.isSafeInteger(value)) : undefined;

const BITS: Readonly<Record<number, { readonly bits: number; readonly signed: boolean }>> = {
  [ELEMENT.UINT8]: { bits: 8, signed: false },
  [ELEMENT.INT8]: { bits: 8, signed: true },
  [ELEMENT.UINT16]: { bits: 16, signed: false },
  [ELEMENT.INT16]: { bits: 16, signed: true },
  [ELEMENT.UINT32]: { bits: 32, signed: false },
  [ELEMENT.INT32]: { bits: 32, signed: true },
};

/** Whole numbers of up to 32 bits wrap around to their type's range, as ONNX Runtime computes them. */
export function wrapped(array: HostArray): HostArray {
  const type = BITS[array.elementType];
  if (!type) return array;
  const size = 2 ** type.bits;
  const low = type.signed ? -size / 2 : 0;
  const data = Float64Array.from(array.data, (value) => {
    const from = value - low;
    return from - size * Math.floor(from / size) + low;
  });
  return { ...array, data };
}

/** As a constant of a file. */
export function hostProto(name: string, { shape, elementType, data }: HostArray): TensorProto {
  if (isFloatElement(elementType)) return floatProto(name, shape, Float32Array.from(data), elementType);
  const dims = shape.map(BigInt);
  if (elementType === ELEMENT.BOOL)
    return create(TensorProtoSchema, { name, dims, dataType: elementType, rawData: Uint8Array.from(data) });
  // Narrower types lie in the same field as INT32; what is wide is INT64.
  const isWide =
    elementType === ELEMENT.INT64 || elementType === ELEMENT.UINT64 || elementType === ELEMENT.UINT32;
  return isWide
    ? create(TensorProtoSchema, { name, dims, dataType: ELEMENT.INT64, int64Data: Array.from(data, BigInt) })
    : create(TensorProtoSchema, { name, dims, dataType: elementType, int32Data: Array.from(data) });
}

/** Distances between neighbours along each axis in row-major order. */
export const stridesOf = (shape: readonly number[]): readonly number[] =>
  shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));

/** A view of another shape: element `[i, j]` is at `offset + i · strides[0] + j · strides[1]`. */
export function strided(
  x: HostArray,
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): HostArray {
  const data = roomFor(x.elementType, sizeOf(shape));
  const at = new Array<number>(shape.length).fill(0);
  let from = offset;
  for (let i = 0; i < data.length; i++) {
    data[i] = x.data[from] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] ?? 0;
      const next = (at[axis] ?? 0) + 1;
      if (next < (shape[axis] ?? 1)) {
        at[axis] = next;
        from += stride;
        break;
      }
      from -= (next - 1) * stride;
      at[axis] = 0;
    }
  }
  return { shape, elementType: x.elementType, data };
}

/** Broadcast to a shape that it fits. */
export function spread(x: HostArray, shape: readonly number[]): HostArray {
  if (String(shape) === String(x.shape)) return x;
  const own = stridesOf(x.shape);
  const added = shape.length - x.shape.length;
  const strides = shape.map((_, axis) => ((x.shape[axis - added] ?? 1) === 1 ? 0 : (own[axis - added] ?? 0)));
  return strided(x, shape, strides);
}

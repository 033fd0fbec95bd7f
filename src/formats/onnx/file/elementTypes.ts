import type { DType } from '../../../graph/tensor';

/** ONNX's element types (TensorProto.DataType), by number, as far as the studio reads them. */
export const ELEMENT = {
  FLOAT: 1,
  UINT8: 2,
  INT8: 3,
  UINT16: 4,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  BOOL: 9,
  FLOAT16: 10,
  DOUBLE: 11,
  UINT32: 12,
  UINT64: 13,
  BFLOAT16: 16,
} as const;

/** Names of every type that ONNX defines, for messages. */
const NAMES: Readonly<Record<number, string>> = {
  ...Object.fromEntries(Object.entries(ELEMENT).map(([name, type]) => [type, name])),
  0: 'UNDEFINED',
  8: 'STRING',
  14: 'COMPLEX64',
  15: 'COMPLEX128',
  17: 'FLOAT8E4M3FN',
  18: 'FLOAT8E4M3FNUZ',
  19: 'FLOAT8E5M2',
  20: 'FLOAT8E5M2FNUZ',
  21: 'UINT4',
  22: 'INT4',
};

export const elementName = (type: number): string => NAMES[type] ?? `element type ${type}`;

const FLOATS: readonly number[] = [ELEMENT.FLOAT, ELEMENT.FLOAT16, ELEMENT.DOUBLE, ELEMENT.BFLOAT16];

/** Float types with fewer digits than float32. */
export const isCoarseElement = (type: number): boolean =>
  type === ELEMENT.FLOAT16 || type === ELEMENT.BFLOAT16;

/** Types that the studio computes in float32. */
export const isFloatElement = (type: number): boolean => FLOATS.includes(type);

const INTEGERS: readonly number[] = [
  ...[ELEMENT.INT8, ELEMENT.UINT8, ELEMENT.INT16, ELEMENT.UINT16],
  ...[ELEMENT.INT32, ELEMENT.UINT32, ELEMENT.INT64, ELEMENT.UINT64],
];

/** Types that the studio computes in int32. */
export const isIntegerElement = (type: number): boolean => INTEGERS.includes(type);

/** What the studio computes a type in; null for strings, complex numbers and the like. */
export function irType(type: number): DType | null {
  if (isFloatElement(type)) return 'float32';
  if (type === ELEMENT.BOOL) return 'bool';
  return isIntegerElement(type) ? 'int32' : null;
}

const TORCH_INTEGERS: Readonly<Record<number, string>> = {
  [ELEMENT.INT8]: 'torch.int8',
  [ELEMENT.UINT8]: 'torch.uint8',
  [ELEMENT.INT16]: 'torch.int16',
  [ELEMENT.INT32]: 'torch.int32',
  [ELEMENT.INT64]: 'torch.int32',
};

/** PyTorch's dtype for a cast to an ONNX type; null where it has none, or the studio does not compute with it. */
export function torchDtype(type: number): string | null {
  if (isFloatElement(type)) return 'torch.float32';
  return type === ELEMENT.BOOL ? 'torch.bool' : (TORCH_INTEGERS[type] ?? null);
}

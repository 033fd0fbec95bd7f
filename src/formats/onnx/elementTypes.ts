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
export const isIntegerElement = (type: number): boolean =>
  type !== ELEMENT.BOOL && !isFloatElement(type) && type in NAMES;

/** The IR's dtype of a value of an ONNX type; null for types that the studio does not compute with. */
export function torchDtype(type: number): string | null {
  if (isFloatElement(type)) return 'torch.float32';
  if (type === ELEMENT.BOOL) return 'torch.bool';
  return type === ELEMENT.INT32 || type === ELEMENT.INT64 ? 'torch.int32' : null;
}

import type { ElementType } from '../elements';

/** PyTorch's dtypes that the studio reads, by their name in Python. */
export const TORCH_DTYPES: ReadonlyMap<string, ElementType> = new Map([
  ['float32', 'f32'],
  ['float64', 'f64'],
  ['float16', 'f16'],
  ['bfloat16', 'bf16'],
  ['int64', 'i64'],
  ['int32', 'i32'],
  ['int16', 'i16'],
  ['int8', 'i8'],
  ['uint8', 'u8'],
  ['uint16', 'u16'],
  ['uint32', 'u32'],
  ['bool', 'bool'],
]);

export const isFloatDType = (dtype: string): boolean => /^b?float/.test(dtype);

/** Dtypes that have no counterpart here; a tensor of one is refused by its name. */
export const REFUSED_DTYPES: ReadonlySet<string> = new Set([
  'complex32',
  'complex64',
  'complex128',
  'uint64',
  'qint8',
  'quint8',
  'qint32',
  'quint4x2',
  'quint2x4',
  'float8_e4m3fn',
  'float8_e5m2',
  'float8_e4m3fnuz',
  'float8_e5m2fnuz',
]);

/** Storage classes (torch/__init__.py): each holds elements of one dtype. */
export const STORAGE_TYPES: ReadonlyMap<string, string> = new Map([
  ['FloatStorage', 'float32'],
  ['DoubleStorage', 'float64'],
  ['HalfStorage', 'float16'],
  ['BFloat16Storage', 'bfloat16'],
  ['LongStorage', 'int64'],
  ['IntStorage', 'int32'],
  ['ShortStorage', 'int16'],
  ['CharStorage', 'int8'],
  ['ByteStorage', 'uint8'],
  ['BoolStorage', 'bool'],
  ['ComplexFloatStorage', 'complex64'],
  ['ComplexDoubleStorage', 'complex128'],
  ['QInt8Storage', 'qint8'],
  ['QUInt8Storage', 'quint8'],
  ['QInt32Storage', 'qint32'],
  ['QUInt4x2Storage', 'quint4x2'],
  ['QUInt2x4Storage', 'quint2x4'],
  // Bytes whose tensors say themselves what they hold.
  ['UntypedStorage', 'uint8'],
]);

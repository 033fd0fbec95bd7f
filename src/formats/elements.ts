import type { DType, TensorData } from '../graph/tensor';
import type { ArrayLabel } from './arraySize';
import { FormatError } from './errors';

/** Element types that files store, with their width in bytes. */
export const ELEMENT_BYTES = {
  f64: 8,
  f32: 4,
  f16: 2,
  bf16: 2,
  i64: 8,
  u64: 8,
  i32: 4,
  u32: 4,
  i16: 2,
  u16: 2,
  i8: 1,
  u8: 1,
  bool: 1,
} as const;
export type ElementType = keyof typeof ELEMENT_BYTES;

export interface Elements {
  readonly dtype: DType;
  readonly data: TensorData;
}
type Decoder = (bytes: Uint8Array, label: ArrayLabel) => Elements;

const float = (data: Float32Array): Elements => ({ dtype: 'float32', data });
const integer = (data: Int32Array): Elements => ({ dtype: 'int32', data });

function tooLarge(label: ArrayLabel, index: number, value: number | bigint, type: string): never {
  throw new FormatError(
    label.file,
    `${label.what} holds ${value} at element ${index}, outside the range of ${type}, which the studio computes in; clip or rescale it before saving.`,
  );
}

function narrowDoubles(bytes: Uint8Array, label: ArrayLabel): Elements {
  const doubles = new Float64Array(bytes.buffer);
  const out = new Float32Array(doubles);
  out.forEach((value, i) => {
    const before = doubles[i] ?? 0;
    if (!Number.isFinite(value) && Number.isFinite(before)) tooLarge(label, i, before, 'float32');
  });
  return float(out);
}

/** 64-bit integers as pairs of words: far faster than BigInt, which is made only for the error message. */
function narrowLongs(bytes: Uint8Array, label: ArrayLabel, signed: boolean): Elements {
  const words = new Int32Array(bytes.buffer);
  const out = new Int32Array(words.length / 2);
  for (let i = 0; i < out.length; i++) {
    const low = words[2 * i] ?? 0;
    const high = words[2 * i + 1] ?? 0;
    const fits = signed ? high === low >> 31 : high === 0 && low >= 0;
    if (!fits) {
      const all = signed ? new BigInt64Array(bytes.buffer) : new BigUint64Array(bytes.buffer);
      tooLarge(label, i, all[i] ?? 0n, 'int32');
    }
    out[i] = low;
  }
  return integer(out);
}

function narrowWords(bytes: Uint8Array, label: ArrayLabel): Elements {
  const words = new Uint32Array(bytes.buffer);
  words.forEach((word, i) => {
    if (word > 0x7fffffff) tooLarge(label, i, word, 'int32');
  });
  return integer(new Int32Array(words));
}

/** IEEE 754 binary16 to binary32, exact, subnormals and NaN included. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

let halves: Float32Array | null = null;
/** All 65,536 values, made once: a table is the fastest decoder. */
const halfTable = (): Float32Array => {
  halves ??= Float32Array.from({ length: 65536 }, (_, half) => halfToFloat(half));
  return halves;
};

/** Plain loops: `from` with a mapping function goes through an iterator and takes five to ten times as long. */
function widenHalves(bytes: Uint8Array): Elements {
  const table = halfTable();
  const stored = new Uint16Array(bytes.buffer);
  const out = new Float32Array(stored.length);
  for (let i = 0; i < out.length; i++) out[i] = table[stored[i] ?? 0] ?? 0;
  return float(out);
}

/** bfloat16 is the upper half of a float32. */
function widenBrainFloats(bytes: Uint8Array): Elements {
  const words = new Uint32Array(new Uint16Array(bytes.buffer));
  for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) << 16;
  return float(new Float32Array(words.buffer));
}

const DECODERS: { readonly [E in ElementType]: Decoder } = {
  f64: narrowDoubles,
  f32: (bytes) => float(new Float32Array(bytes.buffer)),
  f16: widenHalves,
  bf16: widenBrainFloats,
  i64: (bytes, label) => narrowLongs(bytes, label, true),
  u64: (bytes, label) => narrowLongs(bytes, label, false),
  i32: (bytes) => integer(new Int32Array(bytes.buffer)),
  u32: narrowWords,
  i16: (bytes) => integer(new Int32Array(new Int16Array(bytes.buffer))),
  u16: (bytes) => integer(new Int32Array(new Uint16Array(bytes.buffer))),
  i8: (bytes) => integer(new Int32Array(new Int8Array(bytes.buffer))),
  u8: (bytes) => integer(new Int32Array(bytes)),
  bool: (bytes) => ({ dtype: 'bool', data: bytes.map((byte) => (byte === 0 ? 0 : 1)) }),
};

/** Bytes that fill their own buffer from its start, so that typed arrays over it are aligned and share nothing. */
const detached = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();

/** The same elements with the bytes of each in reverse: big-endian to little-endian. */
export function swapByteOrder(bytes: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = bytes[i - (i % width) + (width - 1 - (i % width))] ?? 0;
  return out;
}

/**
 * Little-endian elements as the IR's float32, int32 or bool. float64 is rounded to the nearest float32; a finite
 * value that float32 or int32 cannot hold is a FormatError that names the array, the element and the value.
 * (Typed arrays use the machine's byte order; WebAssembly and WebGPU exist on little-endian machines only.)
 */
export const decodeElements = (bytes: Uint8Array, type: ElementType, label: ArrayLabel): Elements =>
  DECODERS[type](detached(bytes), label);

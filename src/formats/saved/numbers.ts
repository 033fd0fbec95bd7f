import { LENGTH_BYTES } from '../safetensors/header';
import type { ARRAY_TYPES } from './form';

type ArrayType = (typeof ARRAY_TYPES)[number];

/** The numbers of one array. Its bytes are asked for when their turn comes. */
export interface Numbers {
  readonly name: string;
  readonly type: ArrayType;
  readonly byteLength: number;
  readonly bytes: () => Uint8Array<ArrayBuffer>;
}

/** What the format calls an element, and its width; it has no unsigned types of more than 8 bits, so these are bytes there. */
const STORED: { readonly [T in ArrayType]: readonly [string, number] } = {
  Float32Array: ['F32', 4],
  Float64Array: ['F64', 8],
  Int8Array: ['I8', 1],
  Int16Array: ['I16', 2],
  Int32Array: ['I32', 4],
  Uint8Array: ['U8', 1],
  Uint8ClampedArray: ['U8', 1],
  Uint16Array: ['U8', 1],
  Uint32Array: ['U8', 1],
  BigInt64Array: ['I64', 8],
  BigUint64Array: ['U8', 1],
};

export const isArrayType = (name: string): name is ArrayType => Object.hasOwn(STORED, name);

/** A safetensors file of one-dimensional arrays, in parts: its size is known before any of them is made. */
export function numbersFile(numbers: readonly Numbers[]): {
  readonly parts: Iterable<Uint8Array<ArrayBuffer>>;
  readonly size: number;
} {
  const ordered = numbers.toSorted((a, b) => STORED[b.type][1] - STORED[a.type][1]);
  let offset = 0;
  const entries = ordered.map(({ name, type, byteLength }) => {
    const [dtype, width] = STORED[type];
    const begin = offset;
    offset += byteLength;
    return [name, { dtype, shape: [byteLength / width], data_offsets: [begin, offset] }] as const;
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const length = Math.ceil(json.length / 8) * 8;
  const head = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
  head.set(json, LENGTH_BYTES);
  return { parts: partsOf(head, ordered), size: head.length + offset };
}

function* partsOf(head: Uint8Array<ArrayBuffer>, numbers: readonly Numbers[]) {
  yield head;
  for (const { name, byteLength, bytes } of numbers) {
    const made = bytes();
    if (made.length !== byteLength)
      throw new Error(`internal: '${name}' has ${made.length} bytes instead of ${byteLength}.`);
    yield made;
  }
}

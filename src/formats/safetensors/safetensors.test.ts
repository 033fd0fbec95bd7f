import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../graph/tensor';
import { bytesSource } from '../byteSource';
import { MAX_HEADER_BYTES } from './header';
import { readSafetensors } from './read';
import { writeSafetensors } from './write';

/** A file from header text and data, with the length that the caller states. */
function fileOf(header: string, data: Uint8Array = new Uint8Array(0), length = header.length): Uint8Array {
  const file = new Uint8Array(8 + header.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(new TextEncoder().encode(header), 8);
  file.set(data, 8 + header.length);
  return file;
}
const read = (file: Uint8Array) => readSafetensors(bytesSource(file, 'w.safetensors'));
const entry = (dtype: string, shape: readonly unknown[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const withEntries = (entries: object, bytes: number) =>
  fileOf(JSON.stringify(entries), new Uint8Array(bytes));

const tensor: fc.Arbitrary<Tensor> = fc
  .tuple(
    fc.array(fc.nat(3), { maxLength: 3 }),
    fc.constantFrom('float32', 'int32', 'bool'),
    fc.infiniteStream(fc.integer()),
  )
  .map(([shape, dtype, stream]): Tensor => {
    const values = [...stream.take(shape.reduce((a, b) => a * b, 1))];
    if (dtype === 'bool') return { dtype, shape, data: Uint8Array.from(values, (v) => v & 1) };
    // Any bit pattern, NaN payloads included, must survive.
    const words = Int32Array.from(values);
    if (dtype === 'int32') return { dtype, shape, data: words };
    return { dtype: 'float32', shape, data: new Float32Array(words.buffer) };
  });
const bits = (t: Tensor) => [...new Uint8Array(t.data.buffer, t.data.byteOffset, t.data.byteLength)];

describe('safetensors', () => {
  it('reads back what it wrote, bit for bit, with metadata', async () => {
    const name = fc.string().filter((text) => text !== '__metadata__');
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(name, tensor),
        fc.dictionary(fc.string(), fc.string()),
        async (tensors, meta) => {
          const file = await read(writeSafetensors(tensors, meta));
          expect(Object.keys(file.tensors).sort()).toEqual(Object.keys(tensors).sort());
          for (const [key, before] of Object.entries(tensors)) {
            const after = file.tensors[key];
            expect(after && { ...after, data: bits(after) }).toEqual({ ...before, data: bits(before) });
          }
          expect(Object.entries(file.metadata).sort()).toEqual(
            Object.entries(meta)
              .filter(([key]) => key !== '__proto__')
              .sort(),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('writes the same bytes whatever the order of keys, data at a multiple of 8', () => {
    const a: Tensor = { dtype: 'float32', shape: [1], data: Float32Array.of(1) };
    const b: Tensor = { dtype: 'bool', shape: [1], data: Uint8Array.of(1) };
    const file = writeSafetensors({ a, b }, { x: '1', y: '2' });
    expect(writeSafetensors({ b, a }, { y: '2', x: '1' })).toEqual(file);
    expect(Number(new DataView(file.buffer).getBigUint64(0, true)) % 8).toBe(0);
    expect(() => writeSafetensors({ a: { ...a, shape: [2] } }, {})).toThrow('4 bytes instead of 8');
  });

  it('converts element types and says which tensors lost or gained precision', async () => {
    const header = {
      h: entry('F16', [1], 0, 2),
      i: entry('I16', [1], 2, 4),
      u: entry('U8', [1], 4, 5),
      d: entry('F64', [], 5, 13),
    };
    const data = Uint8Array.of(0, 0x3c, 0xff, 0xff, 200, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f);
    const file = await read(fileOf(JSON.stringify(header), data));
    expect(Object.values(file.tensors).map((t) => [t.dtype, ...t.data])).toEqual([
      ['float32', 1],
      ['int32', -1],
      ['int32', 200],
      ['float32', 1],
    ]);
    expect(file.notes).toEqual([
      "Tensor 'd' is float64 and was rounded to float32.",
      "Tensor 'h' is float16 and was widened to float32.",
    ]);
  });

  it('names tensor and value of an integer that does not fit', async () => {
    const data = new Uint8Array(BigInt64Array.of(2n ** 31n).buffer);
    await expect(read(fileOf(JSON.stringify({ n: entry('I64', [1], 0, 8) }), data))).rejects.toThrow(
      "w.safetensors: tensor 'n' holds 2147483648 at element 0",
    );
  });
});

describe('hostile safetensors', () => {
  it.each<[string, Uint8Array, string]>([
    ['empty', new Uint8Array(0), 'has 0 bytes, too short'],
    [
      'header longer than the file',
      fileOf('{}', undefined, 3),
      'states a header of 3 bytes, but only 2 bytes follow',
    ],
    ['header of 2^63', fileOf('{}', undefined, 2 ** 63), '9,223,372,036,854,775,808'],
    ['not JSON', fileOf('{"a":'), 'not JSON'],
    ['not UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff), 'not JSON'],
    ['a list', fileOf('[]'), 'must be a JSON object'],
    [
      'metadata of numbers',
      fileOf('{"__metadata__":{"a":1}}'),
      "'__metadata__' must map names to strings: a",
    ],
    ['no offsets', fileOf('{"w":{"dtype":"F32","shape":[]}}'), "tensor 'w': data_offsets"],
    ['negative dimension', withEntries({ w: entry('F32', [-1], 0, 4) }, 4), "tensor 'w' has shape [-1]"],
    ['text dimension', withEntries({ w: entry('F32', ['4'], 0, 4) }, 4), "tensor 'w': shape.0"],
    ['overflowing shape', withEntries({ w: entry('F32', [2 ** 33, 2 ** 33], 0, 4) }, 4), 'split it'],
    ['negative offset', withEntries({ w: entry('F32', [1], -4, 0) }, 4), "tensor 'w': data_offsets.0"],
    ['reversed offsets', withEntries({ w: entry('F32', [1], 4, 0) }, 4), 'data_offsets [4, 0], -4 bytes'],
    ['wrong size', withEntries({ w: entry('F32', [2], 0, 4) }, 4), 'F32 of shape [2] takes 8'],
    ['past the end', withEntries({ w: entry('F32', [2], 0, 8) }, 4), 'the data section has 4 bytes'],
    [
      'overlap',
      withEntries({ a: entry('U8', [4], 0, 4), b: entry('U8', [4], 2, 6) }, 6),
      "tensor 'b' has data_offsets [2, 6], which overlap",
    ],
    [
      'hole',
      withEntries({ a: entry('U8', [1], 0, 1), b: entry('U8', [1], 2, 3) }, 3),
      "tensor 'b' has data_offsets [2, 3], which leave a hole",
    ],
    ['left over', withEntries({ a: entry('U8', [1], 0, 1) }, 3), 'has 2 bytes after its last tensor'],
    [
      'unknown type',
      withEntries({ a: entry('F8_E4M3', [1], 0, 1) }, 1),
      "tensor 'a' has element type F8_E4M3",
    ],
  ])('%s', async (_, file, message) => {
    await expect(read(file)).rejects.toThrow(message);
    await expect(read(file)).rejects.toMatchObject({ name: 'FormatError', file: 'w.safetensors' });
  });

  it('refuses a header above the limit without reading it', async () => {
    const head = fileOf('', undefined, MAX_HEADER_BYTES + 1);
    const ranges: number[] = [];
    const source = {
      name: 'w.safetensors',
      size: 2 ** 40,
      read: async (start: number, end: number) => {
        ranges.push(end - start);
        return head.subarray(start, end);
      },
    };
    await expect(readSafetensors(source)).rejects.toThrow('at most 100,000,000 bytes are read');
    expect(ranges).toEqual([8]);
  });

  it('says so when the file changes or vanishes while it is read', async () => {
    const file = fileOf('{}');
    const short = { name: 'w', size: 20, read: async () => file.subarray(0, 3) };
    await expect(readSafetensors(short)).rejects.toThrow('of which 3 could be read');
    const gone = { name: 'w', size: 20, read: () => Promise.reject(new Error('NotReadableError')) };
    await expect(readSafetensors(gone)).rejects.toThrow('choose it again');
  });
});

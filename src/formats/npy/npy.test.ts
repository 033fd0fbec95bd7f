import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../byteSource';
import { MAX_NPY_HEADER_BYTES } from './header';
import { parseLiteral } from './pythonLiteral';
import { fromColumnMajor, readNpy } from './readNpy';
import { readNpz } from './readNpz';

const bytesOf = (data: ArrayBufferView): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** A .npy file from its header's text and its data. */
function fileOf(header: string, data: Uint8Array, version = 1, length = header.length): Uint8Array {
  const width = version === 1 ? 2 : 4;
  const file = new Uint8Array(8 + width + header.length + data.length);
  file.set([0x93, ...new TextEncoder().encode('NUMPY'), version, 0]);
  const view = new DataView(file.buffer);
  if (width === 2) view.setUint16(8, length, true);
  else view.setUint32(8, length, true);
  file.set(new TextEncoder().encode(header), 8 + width);
  file.set(data, 8 + width + header.length);
  return file;
}
const dict = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }   \n`;
const read = (file: Uint8Array) => readNpy(bytesSource(file, 'x.npy'));
const values = async (descr: string, data: Uint8Array) => [
  ...(await read(fileOf(dict(descr, `(${data.length / Number(descr.slice(2))},)`), data))).data,
];
/** The elements' bytes in reverse: what a big-endian machine writes. */
const reversed = (data: ArrayBufferView): Uint8Array => bytesOf(data).slice().reverse();

describe('readNpy', () => {
  it.each([1, 2, 3])('reads version %i', async (version) => {
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    const tensor = await read(fileOf(dict('<f4', '(2, 3)'), bytesOf(data), version));
    expect(tensor).toEqual({ dtype: 'float32', shape: [2, 3], data });
  });

  it('reads every element type, little and big endian', async () => {
    expect(await values('<f8', bytesOf(Float64Array.of(0.5, -3)))).toEqual([0.5, -3]);
    expect(await values('<f2', bytesOf(Uint16Array.of(0x3c00)))).toEqual([1]);
    expect(await values('<i8', bytesOf(BigInt64Array.of(-5n, 7n)))).toEqual([-5, 7]);
    expect(await values('<i4', bytesOf(Int32Array.of(-6)))).toEqual([-6]);
    expect(await values('<i2', bytesOf(Int16Array.of(-7)))).toEqual([-7]);
    expect(await values('|i1', Uint8Array.of(0xff))).toEqual([-1]);
    expect(await values('|u1', Uint8Array.of(0xff))).toEqual([255]);
    expect(await values('|b1', Uint8Array.of(1, 0))).toEqual([1, 0]);
    expect(await values('>f4', reversed(Float32Array.of(2.5, -1)))).toEqual([-1, 2.5]);
    expect(await values('>f8', reversed(Float64Array.of(0.25)))).toEqual([0.25]);
    expect(await values('>i8', reversed(BigInt64Array.of(-9n)))).toEqual([-9]);
    expect(await values('>i2', reversed(Int16Array.of(258)))).toEqual([258]);
  });

  it('turns column-major arrays into row-major ones', async () => {
    // [[1, 2, 3], [4, 5, 6]] stored column by column.
    const data = Int32Array.of(1, 4, 2, 5, 3, 6);
    const tensor = await read(fileOf(dict('<i4', '(2, 3)', 'True'), bytesOf(data)));
    expect([...tensor.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('agrees with the definition of column-major order for any shape', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), (shape) => {
        const size = shape.reduce((a, b) => a * b, 1);
        const out = fromColumnMajor(
          Int32Array.from({ length: size }, (_, i) => i),
          shape,
        );
        for (let row = 0; row < size; row++) {
          let rest = row;
          const index = shape.toReversed().map((dim) => {
            const i = rest % dim;
            rest = (rest - i) / dim;
            return i;
          });
          const column = index.reduce((sum, i, back) => {
            const axis = shape.length - 1 - back;
            return sum + i * shape.slice(0, axis).reduce((a, b) => a * b, 1);
          }, 0);
          expect(out[row]).toBe(column);
        }
      }),
    );
  });

  it('reads scalars and empty arrays', async () => {
    expect((await read(fileOf(dict('<i4', '()'), bytesOf(Int32Array.of(3))))).shape).toEqual([]);
    expect((await read(fileOf(dict('<f4', '(0, 4)', 'True'), new Uint8Array(0)))).shape).toEqual([0, 4]);
  });

  it.each<[string, Uint8Array, string]>([
    ['another file', Uint8Array.of(1, 2, 3), 'does not start as a .npy file'],
    ['version 9', fileOf('{}', new Uint8Array(0), 9), 'of version 9; versions 1 to 3'],
    [
      'a header past the end',
      fileOf('{}', new Uint8Array(0), 1, 60000),
      'bytes 10 to 60010, but the file has 12 bytes',
    ],
    [
      'a huge header',
      fileOf('{}', new Uint8Array(0), 2, MAX_NPY_HEADER_BYTES + 1),
      'at most 1,048,576 bytes',
    ],
    ['a call in the header', fileOf("__import__('os')", new Uint8Array(0)), 'not a Python dict'],
    ['no dict', fileOf('(1, 2)', new Uint8Array(0)), 'not a Python dict'],
    ['no order', fileOf("{'descr': '<f4', 'shape': ()}", new Uint8Array(4)), "no 'fortran_order'"],
    ['no shape', fileOf("{'descr': '<f4', 'fortran_order': False}", new Uint8Array(4)), "no 'shape'"],
    ['objects', fileOf(dict('|O', '(1,)'), new Uint8Array(4)), "holds Python objects ('|O')"],
    ['complex numbers', fileOf(dict('<c8', '(1,)'), new Uint8Array(8)), 'holds type "<c8"'],
    [
      'records',
      fileOf("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", new Uint8Array(4)),
      'holds type [["a","<f4"]]',
    ],
    ['a negative size', fileOf(dict('<f4', '(-1,)'), new Uint8Array(4)), 'got -1'],
    ['an overflowing size', fileOf(dict('<f4', '(4294967296, 4294967297)'), new Uint8Array(4)), 'split it'],
    [
      'missing data',
      fileOf(dict('<f4', '(1000, 1000)'), new Uint8Array(4)),
      'takes 4,000,000 bytes, but only 4 bytes follow',
    ],
    ['surplus data', fileOf(dict('<f4', '(1,)'), new Uint8Array(9)), 'has 5 bytes after its array'],
  ])('refuses %s', async (_, file, message) => {
    await expect(read(file)).rejects.toThrow(message);
    await expect(read(file)).rejects.toMatchObject({ name: 'FormatError' });
  });
});

describe('parseLiteral', () => {
  it('reads what NumPy writes, old and new', () => {
    expect(parseLiteral(`{"descr": '<f4', 'shape': (3L, 4), 'a': None, 'b': [True, ()]}`)).toEqual(
      new Map<string, unknown>([
        ['descr', '<f4'],
        ['shape', [3, 4]],
        ['a', null],
        ['b', [true, []]],
      ]),
    );
  });
  it.each(['', '{', '(1', '(1 2)', '{1: 2}', "{'a' 1}", '1 2', ')', '1.5', 'Trueish', '('.repeat(1000)])(
    'refuses %j',
    (text) => {
      expect(() => parseLiteral(text)).toThrow(SyntaxError);
    },
  );
});

describe('readNpz', () => {
  const x = fileOf(dict('<f4', '(2, 1)'), bytesOf(Float32Array.of(1, 2)));
  const y = fileOf(dict('<i8', '(2,)'), bytesOf(BigInt64Array.of(0n, 1n)));
  const open = (file: Uint8Array) => readNpz(bytesSource(file, 'd.npz'));

  it.each([0, 9] as const)('reads arrays packed at level %i', async (level) => {
    const arrays = await open(zipSync({ 'x.npy': x, 'y.npy': y }, { level }));
    expect(Object.keys(arrays)).toEqual(['x', 'y']);
    expect(arrays.x?.data).toEqual(Float32Array.of(1, 2));
    expect(arrays.y?.data).toEqual(Int32Array.of(0, 1));
  });

  it('names archive and member in an error', async () => {
    await expect(open(zipSync({ 'x.npy': x.subarray(0, -1) }))).rejects.toThrow(
      "d.npz/x.npy: array 'x' of shape [2, 1] takes 8 bytes",
    );
    await expect(open(zipSync({ 'readme.txt': x }))).rejects.toThrow(
      "d.npz: member 'readme.txt' is not a .npy",
    );
  });
});

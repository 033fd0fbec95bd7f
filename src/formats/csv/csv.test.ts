import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../byteSource';
import { MAX_CSV_BYTES, readCsv } from './read';

const read = (text: string) => readCsv(bytesSource(new TextEncoder().encode(text), 'd.csv'));

describe('readCsv', () => {
  it('reads rows, with and without a header, whatever the line ends', async () => {
    const expected = { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, -2.5, 0.003, 4) };
    expect(await read('1,-2.5\n3e-3,4')).toEqual(expected);
    expect(await read('\ufeffa,"b"\r\n1, -2.5\r\n.003,+4.\r\n\r\n')).toEqual(expected);
    expect(await read('# a;b\n"1";-2.5\n3E-3;4\n')).toEqual(expected);
    expect(await read(',a\n1\t-2.5\n'.replace(',', '\t'))).toMatchObject({ shape: [1, 2] });
  });

  it('keeps NaN and infinities, for calibration to report', async () => {
    const { data } = await read('nan,inf\n-Infinity,NaN\n');
    expect([...data]).toEqual([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]);
  });

  it('reads back any float32 that JavaScript prints', async () => {
    const row = fc.array(fc.float(), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), async (rows) => {
        const { data, shape } = await read(rows.map((r) => r.join(',')).join('\n'));
        expect(shape).toEqual([rows.length, 3]);
        // The text form of -0 is 0.
        expect([...data]).toEqual(rows.flat().map((value) => value + 0));
      }),
    );
  });

  it.each([
    ['1,2\n3,x\n', "d.csv: row 2, column 2: 'x' is not a number"],
    ['a,b\n\n1,2\n3,\n', "row 4, column 2: '' is not a number"],
    ['1,two\n3,4\n', "row 1, column 2: 'two' is not a number"],
    ['0x10\n1\n0x11\n', "row 3, column 1: '0x11'"],
    ['1,2\n3\n', 'row 2 has 1 columns, the rows before it have 2'],
    ['1e39\n', 'row 1, column 1: 1e39 is outside the range of float32'],
    ['a,b\n', 'has a header line but no rows'],
    ['\n \n', 'has no rows'],
  ])('refuses %j', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });

  it('refuses a file above the limit without reading it', async () => {
    const source = {
      name: 'd.csv',
      size: MAX_CSV_BYTES + 1,
      read: () => Promise.reject(new Error('was read')),
    };
    await expect(readCsv(source)).rejects.toThrow('at most 268,435,456 bytes are read. Save it as .npy');
  });
});

import { describe, expect, it } from 'vitest';
import { bytesSource } from './byteSource';
import { recognize } from './recognize';

/** One character a byte. */
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
/** A zip's local header with that member name. */
const zipOf = (name: string): string =>
  `PK\x03\x04${'\0'.repeat(22)}${String.fromCharCode(name.length)}\0\0\0${name}data`;

describe('recognize', () => {
  it.each([
    ['', 'empty'],
    ['\x02\0\0\0\0\0\0\0{}', 'safetensors'],
    ['\x08\x07\x12\x07pytorch', 'onnx'],
    ['\x08\x0a\x3a\x00', 'onnx'],
    ['\x93NUMPY\x01\0', 'npy'],
    [zipOf('x.npy'), 'npz'],
    ['a,b\n1,2\n', 'text'],
    ['\xc3\xa9,b\n1,2\n', 'text'],
    [zipOf('archive/data.pkl'), 'torch'],
    [zipOf('net/data/0'), 'torch'],
    [zipOf('serialized_exported_program.json'), 'torch'],
    [zipOf('net/archive_format'), 'torch'],
    ['\x80\x02}q', 'torch'],
    ['\xef\xbb\xbf {"a": 1}', 'tfjs'],
    ['\x01\x02\x03', 'unknown'],
  ])('%j is %s', async (text, kind) => {
    expect(await recognize(bytesSource(bytesOf(text), 'file'))).toEqual({ kind });
  });

  it.each([
    ['\x89PNG\r\n', 'a PNG image'],
    ['\xff\xd8\xff\xe0', 'a JPEG image'],
    ['RIFF\0\0\0\0WEBP', 'a WebP image'],
    ['\x89HDF\r\n\x1a\n', 'HDF5'],
    ['\0\0\0\0TFL3', 'TensorFlow Lite'],
    [zipOf('notes.txt'), "first member 'notes.txt'"],
    ['PK\x03\x04', 'a zip archive'],
    ['\xef\xbb\xbf [1]', 'JSON'],
    ['<!DOCTYPE html>', 'HTML'],
    ['version https://git-lfs.github.com/spec/v1\n', 'Git LFS pointer'],
  ])('%j is %s', async (text, title) => {
    const kind = await recognize(bytesSource(bytesOf(text), 'file'));
    expect(kind).toMatchObject({ title: expect.stringContaining(title) });
  });

  it('reads no more than the first bytes of a large file', async () => {
    const ranges: (readonly [number, number])[] = [];
    const read = async (start: number, end: number) => {
      ranges.push([start, end]);
      return new Uint8Array(end - start);
    };
    await recognize({ name: 'big', size: 2 ** 40, read });
    expect(ranges).toEqual([[0, 512]]);
  });
});

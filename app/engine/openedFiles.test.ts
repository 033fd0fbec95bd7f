import { expect, it } from 'vitest';
import { fileOf, HELD_BYTES, sourcesOf, standInFor } from './openedFiles';

const gone = () => new DOMException('The file is gone.', 'NotReadableError');

/** A file on a disk, from which it can be taken. */
function fileOnDisk(bytes: Uint8Array<ArrayBuffer>, name: string) {
  let isThere = true;
  let inMemory = new Blob([bytes]);
  const file = new File([bytes], name);
  file.slice = (start, end) => {
    const part = inMemory.slice(start, end);
    if (!isThere) part.arrayBuffer = () => Promise.reject(gone());
    return part;
  };
  const take = () => {
    isThere = false;
  };
  const cut = (length: number) => {
    inMemory = inMemory.slice(0, length);
  };
  return { file, take, cut };
}

const BYTES = Uint8Array.from([1, 2, 3, 4, 5]);

it('small files are in memory once they are opened', async () => {
  const { file, take } = fileOnDisk(BYTES, 'net.onnx');
  const [source] = await sourcesOf([file]);
  take();
  if (!source) throw new Error('no source');
  expect(source.size).toBe(5);
  expect([...(await source.read(1, 4))]).toEqual([2, 3, 4]);
  expect([...(source.readSync?.(3, 5) ?? [])]).toEqual([4, 5]);
  const whole = fileOf(source);
  expect(whole.name).toBe('net.onnx');
  expect([...new Uint8Array(await whole.arrayBuffer())]).toEqual([...BYTES]);
});

it('what was read may be given away, and is read again', async () => {
  const [source] = await sourcesOf([fileOnDisk(BYTES, 'net.onnx').file]);
  const first = await source?.read(0, 5);
  structuredClone(first, { transfer: [first?.buffer as ArrayBuffer] });
  expect([...((await source?.read(0, 5)) ?? [])]).toEqual([...BYTES]);
});

it('files that are larger together are read where they are', async () => {
  const large = fileOnDisk(new Uint8Array(HELD_BYTES), 'net.data');
  const small = fileOnDisk(BYTES, 'net.onnx');
  const sources = await sourcesOf([small.file, large.file]);
  small.take();
  await expect(sources[0]?.read(0, 5)).rejects.toThrow('The file is gone.');
});

it('a large file that goes is read from its copy, as long as there is one', async () => {
  const bytes = new Uint8Array(HELD_BYTES + 1).fill(7, 1, 4);
  const { file, take } = fileOnDisk(bytes, 'net.data');
  const [source] = await sourcesOf([file]);
  if (!source) throw new Error('no source');
  const copy = new Blob([bytes]);
  standInFor(source, copy);
  expect([...(await source.read(0, 5))]).toEqual([0, 7, 7, 7, 0]);
  take();
  expect([...(await source.read(0, 5))]).toEqual([0, 7, 7, 7, 0]);
  expect([...new Uint8Array(await fileOf(source).slice(3, 5).arrayBuffer())]).toEqual([7, 0]);
  standInFor(source, null);
  await expect(source.read(0, 5)).rejects.toThrow('The file is gone.');
});

it('a large file that is cut short is read from its copy too, and without one fails', async () => {
  const bytes = new Uint8Array(HELD_BYTES + 1).fill(7);
  const { file, cut } = fileOnDisk(bytes, 'net.data');
  const [source] = await sourcesOf([file]);
  if (!source) throw new Error('no source');
  cut(10);
  await expect(source.read(8, 12)).rejects.toThrow('the file is shorter than it was');
  standInFor(source, new Blob([bytes]));
  expect([...(await source.read(8, 12))]).toEqual([7, 7, 7, 7]);
});

it('a file that went before it was read fails where it is needed, and no other with it', async () => {
  const lost = fileOnDisk(BYTES, 'notes.txt');
  lost.take();
  const [gone, there] = await sourcesOf([lost.file, fileOnDisk(BYTES, 'net.onnx').file]);
  expect(gone?.size).toBe(5);
  await expect(gone?.read(0, 5)).rejects.toThrow('The file is gone.');
  expect([...((await there?.read(0, 5)) ?? [])]).toEqual([...BYTES]);
});

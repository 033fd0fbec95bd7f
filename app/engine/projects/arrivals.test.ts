import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { browserArrivals } from './arrivals';
import { memoryFolder } from './memoryFolder';

/** Folders of arrivals by name, in memory. */
const folders = vi.hoisted(() => new Map<string, unknown>());
vi.mock('./locks', () => ({ hold: async () => () => undefined, heldNames: async () => new Set() }));
vi.mock('./folders', () => ({
  keptFolder: (folder: unknown) => folder,
  removeFolder: async (_: unknown, name: string) => void folders.delete(name),
  namesIn: async () => [...folders.keys()],
}));

const AT_ONCE = 16 * 2 ** 20;
const fileOf = (bytes: number, name = 'net.onnx') => new File([new Uint8Array(bytes)], name);

/** Names and sizes of the files that are found again. */
const foundIn = async (shelf: ReturnType<typeof browserArrivals>, id: string) =>
  (await shelf.find(id))?.map(({ name, size }) => [name, size]) ?? null;

let quota = 0;

beforeEach(() => {
  folders.clear();
  quota = 2 ** 40;
  vi.useFakeTimers();
  const arrivals = {
    getDirectoryHandle: async (id: string, { create = false } = {}) => {
      if (!folders.has(id) && !create) throw new DOMException('There is no folder.', 'NotFoundError');
      if (!folders.has(id)) folders.set(id, memoryFolder());
      return folders.get(id);
    },
  };
  const root = { getDirectoryHandle: async () => arrivals };
  const storage = { getDirectory: async () => root, estimate: async () => ({ usage: 0, quota }) };
  vi.stubGlobal('navigator', { storage });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('a small file is copied at once, one of 16 MiB too', async () => {
  const shelf = browserArrivals();
  await shelf.keep('small', [fileOf(5)]);
  await shelf.keep('at the limit', [fileOf(AT_ONCE)]);
  expect(vi.getTimerCount()).toBe(0);
  expect(await foundIn(shelf, 'small')).toEqual([['net.onnx', 5]]);
  expect(await foundIn(shelf, 'at the limit')).toEqual([['net.onnx', AT_ONCE]]);
});

it('files of more than 16 MiB together are copied 600 ms later', async () => {
  const shelf = browserArrivals();
  const copied = shelf.keep('large', [fileOf(AT_ONCE), fileOf(1, 'net.data')]);
  await vi.advanceTimersByTimeAsync(599);
  expect([...folders.keys()]).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  await copied;
  expect(await foundIn(shelf, 'large')).toEqual([
    ['net.onnx', AT_ONCE],
    ['net.data', 1],
  ]);
});

it('a large file that is saved within that moment is not copied', async () => {
  const shelf = browserArrivals();
  const copied = shelf.keep('large', [fileOf(AT_ONCE + 1)]);
  await vi.advanceTimersByTimeAsync(300);
  const gone = shelf.drop('large');
  await vi.advanceTimersByTimeAsync(300);
  await Promise.all([copied, gone]);
  expect([...folders.keys()]).toEqual([]);
});

it('a file that would not fit twice is not copied', async () => {
  quota = 20;
  const shelf = browserArrivals();
  await shelf.keep('too large', [fileOf(10)]);
  expect(await foundIn(shelf, 'too large')).toBeNull();
  await shelf.keep('fits', [fileOf(9)]);
  expect(await foundIn(shelf, 'fits')).toEqual([['net.onnx', 9]]);
});

it('a file that went before it was copied is not offered again', async () => {
  const shelf = browserArrivals();
  const write = vi.fn(() => Promise.reject(new DOMException('The file is gone.', 'NotReadableError')));
  folders.set('gone', { ...memoryFolder(), write });
  await shelf.keep('gone', [fileOf(5)]);
  expect(write).toHaveBeenCalledOnce();
  expect(await shelf.find('gone')).toBeNull();
});

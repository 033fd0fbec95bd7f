import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { floatTensor, type Tensor } from '../graph/tensor';
import { bytesSource } from './byteSource';
import { openDataset } from './openDataset';
import { writeSafetensors } from './safetensors/write';

const floats = (shape: readonly number[], ...values: number[]) =>
  floatTensor(shape, Float32Array.from(values));
const ints = (shape: readonly number[], ...values: number[]): Tensor => ({
  dtype: 'int32',
  shape,
  data: Int32Array.from(values),
});
const open = (bytes: Uint8Array, name: string) => openDataset([bytesSource(bytes, name)]);
const openTensors = (tensors: Readonly<Record<string, Tensor>>, metadata = {}) =>
  open(writeSafetensors(tensors, metadata), 'd.safetensors');

/** A .npy file of float32. */
function npy(shape: readonly number[], ...values: number[]): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.map((dim) => `${dim},`).join('')})}`;
  const head = [0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length, 0];
  const data = new Uint8Array(Float32Array.from(values).buffer);
  return Uint8Array.from([...head, ...new TextEncoder().encode(header), ...data]);
}
const x = floats([2, 1], 1, Number.NaN);

describe('openDataset', () => {
  it('reads every format, by content, NaN kept', async () => {
    const unnamed = { arrays: { '': x }, labels: null, samples: 2 };
    const named = { arrays: { x }, labels: null, samples: 2 };
    const file = npy([2, 1], 1, Number.NaN);
    expect(await open(file, 'd.npy')).toEqual({ ...unnamed, source: 'd.npy' });
    expect(await open(new TextEncoder().encode('a\n1\nnan\n'), 'd.csv')).toEqual({
      ...unnamed,
      source: 'd.csv',
    });
    expect(await open(zipSync({ 'x.npy': file }), 'd.bin')).toEqual({ ...named, source: 'd.bin' });
    expect(await openTensors({ x })).toEqual({ ...named, source: 'd.safetensors' });
  });

  it('takes integer labels out of the arrays', async () => {
    for (const [key, shape] of [
      ['labels', [2]],
      ['y', [2, 1]],
    ] as const) {
      const data = await openTensors({ x, [key]: ints(shape, 3, 4) });
      expect(data.labels).toEqual(Int32Array.of(3, 4));
      expect(Object.keys(data.arrays)).toEqual(['x']);
    }
    const data = await openTensors({ x, y: floats([2], 1, 2) });
    expect([data.labels, Object.keys(data.arrays)]).toEqual([null, ['x', 'y']]);
  });

  it.each<[string, Readonly<Record<string, Tensor>>, string]>([
    ['no arrays', {}, 'has no arrays'],
    ['labels alone', { y: ints([2], 0, 1) }, "holds labels ('y') but no data"],
    [
      'labels as one-hot rows',
      { x, y: ints([2, 2], 0, 1, 1, 0) },
      "array 'y' holds the labels, one class index a sample, so its shape must be [n]; got [2, 2]",
    ],
    ['too few labels', { x, y: ints([1], 0) }, "array 'x' has 2 samples and array 'y' has 1"],
    ['unequal arrays', { a: x, b: floats([1], 0) }, "array 'a' has 2 samples and array 'b' has 1"],
    ['a scalar', { x: floats([], 1) }, "array 'x' is a single number"],
    ['no samples', { x: floats([0, 4]) }, "array 'x' has no samples; at least one is needed"],
  ])('refuses %s', async (_, tensors, message) => {
    await expect(openTensors(tensors)).rejects.toThrow(message);
  });

  it.each<[string, Uint8Array, string]>([
    ['d.csv', new Uint8Array(0), 'd.csv: the file is empty (0 bytes)'],
    ['d.onnx', Uint8Array.of(8, 7, 0x12, 0), 'is an ONNX model, not data'],
    ['d.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'is a PNG image'],
    ['d.json', new TextEncoder().encode('[1]'), 'is a JSON file'],
    ['d.bin', Uint8Array.of(1, 2), 'is of a kind that the studio does not know'],
    ['d.npy', Uint8Array.of(1, 2), 'does not start as a .npy file'],
    ['d.npz', Uint8Array.of(1, 2), 'no zip directory'],
    ['d.safetensors', Uint8Array.of(1, 2), 'too short for a safetensors file'],
    ['m.safetensors', writeSafetensors({ x }, { fx: '{}' }), 'is a model (it carries a graph), not data'],
  ])('refuses %s', async (name, bytes, message) => {
    await expect(open(bytes, name)).rejects.toThrow(message);
  });

  it('opens one file at a time', async () => {
    const source = bytesSource(npy([1], 1), 'a.npy');
    await expect(openDataset([source, source])).rejects.toThrow('a.npy, a.npy: these are 2 files');
    await expect(openDataset([])).rejects.toThrow('nothing was chosen');
  });
});

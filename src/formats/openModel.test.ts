import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesSource } from './byteSource';
import { fileStem } from './fileStem';
import { openModel } from './openModel';
import { writeSafetensors } from './safetensors/write';

const text = (value: string) => new TextEncoder().encode(value);
const NODES = [
  { name: 'x', op: 'placeholder', target: 'x', args: [], kwargs: {} },
  { name: 'relu', op: 'call_function', target: 'torch.relu', args: [{ node: 'x' }], kwargs: {} },
  { name: 'output', op: 'output', target: 'output', args: [{ node: 'relu' }], kwargs: {} },
];
const model = writeSafetensors({}, { fx: JSON.stringify({ version: 1, nodes: NODES, modules: {} }) });
const open = (bytes: Uint8Array, name: string) => openModel([bytesSource(bytes, name)]);

describe('openModel', () => {
  it('goes by content, whatever the file is called', async () => {
    for (const name of ['net.safetensors', 'net.onnx', 'net'])
      expect(await open(model, name)).toMatchObject({ format: 'fx', model: { name: 'net' } });
  });

  it('leaves a broken file to the reader of its extension', async () => {
    const broken = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 2);
    await expect(open(broken, 'net.safetensors')).rejects.toThrow('states a header of');
    await expect(open(Uint8Array.of(255, 255), 'net.ONNX')).rejects.toMatchObject({
      name: 'FormatError',
      file: 'net.ONNX',
    });
  });

  it.each<[string, Uint8Array, string]>([
    ['a.onnx', new Uint8Array(0), 'a.onnx: the file is empty (0 bytes)'],
    [
      'a.npz',
      zipSync({ 'x.npy': text('x') }),
      'is an archive of NumPy arrays, not a model. Drop it as calibration',
    ],
    ['a.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'is a PNG image'],
    ['a.onnx', text('<html>404</html>'), 'is an HTML or XML page'],
    ['a.json', text('[1]'), 'is a JSON file'],
    ['a.txt', text('hello'), 'is a text file, not a model'],
    ['a.bin', Uint8Array.of(1, 2, 3), 'is of a kind that the studio does not know'],
  ])('refuses %s and says what is accepted', async (name, bytes, message) => {
    await expect(open(bytes, name)).rejects.toThrow(message);
    await expect(open(bytes, name)).rejects.toThrow(/opens ONNX models \(\.onnx\), FX model files/);
  });

  it('opens one model at a time', async () => {
    const sources = [bytesSource(model, 'a.safetensors'), bytesSource(model, 'b.safetensors')];
    await expect(openModel(sources)).rejects.toThrow(
      'a.safetensors, b.safetensors: these are 2 models; open one at a time',
    );
    await expect(openModel([])).rejects.toThrow('nothing was chosen');
  });

  it('finds the model among other files, and says which of them it does not need', async () => {
    const sources = [
      bytesSource(text('notes'), 'notes.txt'),
      bytesSource(model, 'chance.data'),
      bytesSource(model, 'net.safetensors'),
    ];
    expect(await openModel(sources)).toMatchObject({
      model: { name: 'net' },
      unused: ['notes.txt', 'chance.data'],
    });
  });
});

describe('fileStem', () => {
  it.each([
    ['models/net.v2.safetensors', 'net.v2'],
    ['C:\\nets\\a.onnx', 'a'],
    ['net', 'net'],
    ['.onnx', '.onnx'],
  ])('%s → %s', (file, stem) => {
    expect(fileStem(file)).toBe(stem);
  });
});

import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { floatTensor } from '../graph/tensor';
import { bytesSource } from './byteSource';
import { openDataset } from './openDataset';
import { openModel } from './openModel';
import { writeSafetensors } from './safetensors/write';

const HEADER = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }";
const npy = Uint8Array.from([
  ...[0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, HEADER.length, 0],
  ...new TextEncoder().encode(HEADER),
  ...new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer),
]);
const weight = floatTensor([2, 2], Float32Array.of(1, 2, 3, 4));
const fx = JSON.stringify({
  version: 1,
  nodes: [
    { name: 'x', op: 'placeholder', target: 'x', args: [], kwargs: {} },
    { name: 'fc', op: 'call_module', target: 'fc', args: [{ node: 'x' }], kwargs: {} },
    { name: 'output', op: 'output', target: 'output', args: [{ node: 'fc' }], kwargs: {} },
  ],
  modules: { fc: { type: 'torch.nn.Linear', attrs: { in_features: 2, out_features: 2, bias: false } } },
});
const FILES = {
  'model.safetensors': writeSafetensors({ 'fc.weight': weight }, { format: 'pt', fx }),
  'data.safetensors': writeSafetensors({ x: weight }, {}),
  'data.npy': npy,
  'data.npz': zipSync({ 'x.npy': npy }, { level: 6 }),
  'data.csv': new TextEncoder().encode('a,b\n1,2\n3,4\n'),
} as const;
type FileName = keyof typeof FILES;

/** The name of the error that opening gives, or null. */
const failure = async (name: FileName, bytes: Uint8Array): Promise<string | null> => {
  const sources = [bytesSource(bytes, name)];
  const opened: Promise<object> = name === 'model.safetensors' ? openModel(sources) : openDataset(sources);
  return opened.then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
};
const names = Object.keys(FILES).filter((name): name is FileName => name in FILES);

describe.each(names)('a damaged %s', (name) => {
  const file = FILES[name];

  it('opens when whole', async () => {
    expect(await failure(name, file)).toBeNull();
  });

  it('never gives any other kind of error when bytes are changed', async () => {
    const edit = fc.tuple(fc.nat(file.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        const damaged = file.slice();
        for (const [at, byte] of edits) damaged[at] = byte;
        expect([null, 'FormatError', 'UnsupportedOpError']).toContain(await failure(name, damaged));
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 200) },
    );
  });
});

// A CSV file that ends at a cell is a smaller CSV file.
describe.each(names.filter((name) => name !== 'data.csv'))('a cut %s', (name) => {
  it('is refused at every length', async () => {
    const file = FILES[name];
    for (let length = 0; length < file.length; length++)
      expect([length, await failure(name, file.subarray(0, length))]).toEqual([length, 'FormatError']);
  });
});

import { describe, expect, it } from 'vitest';
import { bytesSource } from '../byteSource';
import { FormatError } from '../errors';
import { readTorchTensors } from './read';
import { expectedTensors, torchFile, torchSource } from './testFiles';

describe('files of torch.save, by PyTorch 1.13.1', () => {
  it.each(Object.keys(expectedTensors))('%s holds what torch.load finds in it', async (file) => {
    const { tensors } = await readTorchTensors(torchSource(file));
    const expected = expectedTensors[file] ?? {};
    expect(Object.keys(tensors)).toEqual(Object.keys(expected));
    for (const [name, { shape, values }] of Object.entries(expected)) {
      expect(tensors[name]?.shape, name).toEqual(shape);
      expect([...(tensors[name]?.data ?? [])], name).toEqual(
        values.map((value) => Math.fround(Number(value))),
      );
    }
  });

  it('says where the state dict stood and what else there was', async () => {
    const { notes } = await readTorchTensors(torchSource('checkpoint.pt'));
    expect(notes[0]).toBe("The state dict stands under ['model_state_dict'].");
    expect(notes[1]).toContain("Left out: the tensors under ['optimizer']['state']['0']");
  });

  it('marks parameters, and names of one tensor as tied', async () => {
    expect((await readTorchTensors(torchSource('parameters.pt'))).parameters).toEqual(['weight']);
    const { tied, tensors } = await readTorchTensors(torchSource('views.pt'));
    expect(tied).toEqual([['base', 'same']]);
    expect(tensors.base).toBe(tensors.same);
  });

  it('notes which element types were converted', async () => {
    const { notes } = await readTorchTensors(torchSource('dtypes.pt'));
    expect(notes).toContain("Tensor 'bfloat16' is bfloat16 and was widened to float32.");
    expect(notes).toContain("Tensor 'float64' is float64 and was rounded to float32.");
  });
});

describe('what is refused', () => {
  it.each([
    ['quantized.pt', /quantized tensor \(torch\._utils\._rebuild_qtensor\)/],
    ['sparse.pt', /sparse tensor/],
    ['complex.pt', /'weight' is of dtype torch\.complex64/],
    ['module.pt', /class __main__\.Net\).*torch\.save\(model\.state_dict\(\).*fx_export\.py/],
    ['module-legacy.pt', /whole pickled module \(class torch\.nn\.modules\.linear\.Linear\)/],
    ['script.pt', /TorchScript archive.*fx_export\.py/],
    ['list.pt', /holds a list of 1, and no dict of named tensors/],
  ])('%s', async (file, message) => {
    await expect(readTorchTensors(torchSource(file))).rejects.toThrow(message);
    await expect(readTorchTensors(torchSource(file))).rejects.toBeInstanceOf(FormatError);
  });
});

/** Reads, and lets nothing but a FormatError pass for a refusal. */
async function attempt(bytes: Uint8Array, name: string): Promise<void> {
  try {
    await readTorchTensors(bytesSource(bytes, name));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
}

describe('damaged files', () => {
  it.each(['views.pt', 'views-legacy.pt', 'parameters.pt'])('no prefix of %s is read', async (file) => {
    const bytes = torchFile(file);
    for (let length = 0; length < bytes.length; length++)
      await expect(
        readTorchTensors(bytesSource(bytes.slice(0, length), file)),
        `${length} bytes`,
      ).rejects.toThrow(FormatError);
  });

  it.each(['views-legacy.pt', 'parameters.pt', 'protocol-4.pt'])(
    'every flipped byte of %s is refused with a FormatError, or harmless',
    async (file) => {
      const good = torchFile(file);
      for (let at = 0; at < good.length; at++)
        for (const flip of [0x01, 0x80]) {
          const bytes = good.slice();
          bytes[at] = (bytes[at] ?? 0) ^ flip;
          await attempt(bytes, file);
        }
    },
    60_000,
  );
});

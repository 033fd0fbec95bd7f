import type { ByteSource } from '../byteSource';
import { PickleDict } from '../pickle/value';
import { readRange } from '../readRange';
import { readLegacyForm } from './legacyForm';
import { findStateDict } from './stateDict';
import { readStored, type TensorFile } from './tensorFile';
import { readZipForm } from './zipForm';

/**
 * Reads the named tensors of a file of `torch.save`, in the order of the file: a state dict, or a dict that holds one.
 * Nothing in the file is run. Throws a FormatError that names the class, the tensor or the member at fault.
 */
export async function readTorchTensors(
  source: ByteSource,
  { empty = false }: { /** An empty dict is no error. */ readonly empty?: boolean } = {},
): Promise<TensorFile> {
  const head = await readRange(source, 0, Math.min(2, source.size), 'the first bytes');
  const isZip = head[0] === 0x50 && head[1] === 0x4b;
  const { value, storages } = await (isZip ? readZipForm(source) : readLegacyForm(source));
  if (empty && value instanceof PickleDict && value.entries.size === 0)
    return { tensors: {}, parameters: [], tied: [], notes: [] };
  const { tensors, notes } = findStateDict(value, source.name);
  const read = await readStored(tensors, storages);
  return { ...read, notes: [...notes, ...read.notes] };
}

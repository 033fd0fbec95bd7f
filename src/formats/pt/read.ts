import type { ByteSource } from '../byteSource';
import { PickleDict } from '../pickle/value';
import { readRange } from '../readRange';
import type { ZipMember } from '../zip/directory';
import { readLegacyForm } from './legacyForm';
import { type FoundStateDict, findStateDict } from './stateDict';
import { readStored, type Storages, type TensorFile } from './tensorFile';
import { readZipForm, type TorchContent } from './zipForm';

/** The named tensors of a file, whose data is not read yet. */
export interface TorchFile extends FoundStateDict {
  readonly storages: Storages;
}

/** What the file holds; `members` where the zip is listed already. */
async function contentOf(source: ByteSource, members?: readonly ZipMember[]): Promise<TorchContent> {
  if (members) return readZipForm(source, members);
  const head = await readRange(source, 0, Math.min(2, source.size), 'the first bytes');
  const isZip = head[0] === 0x50 && head[1] === 0x4b;
  return isZip ? readZipForm(source) : readLegacyForm(source);
}

/**
 * Finds the named tensors of a file of `torch.save`, in the order of the file: a state dict, or a dict that holds one.
 * Nothing in the file is run. Throws a FormatError that names the class or the member at fault.
 */
export async function openTorchFile(source: ByteSource, members?: readonly ZipMember[]): Promise<TorchFile> {
  const { value, storages } = await contentOf(source, members);
  return { ...findStateDict(value, source.name), storages };
}

export async function loadTorchFile({ tensors, notes, storages }: TorchFile): Promise<TensorFile> {
  const read = await readStored(tensors, storages);
  return { ...read, notes: [...notes, ...read.notes] };
}

/** All named tensors of a file of `torch.save`, with their data; an empty dict is no error where `empty` says so. */
export async function readTorchTensors(
  source: ByteSource,
  { empty = false }: { readonly empty?: boolean } = {},
): Promise<TensorFile> {
  const { value, storages } = await contentOf(source);
  if (empty && value instanceof PickleDict && value.entries.size === 0)
    return { tensors: {}, parameters: [], tied: [], notes: [] };
  return loadTorchFile({ ...findStateDict(value, source.name), storages });
}

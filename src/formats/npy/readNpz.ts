import type { Tensor } from '../../graph/tensor';
import { type ByteSource, bytesSource } from '../byteSource';
import { FormatError } from '../errors';
import { listZip } from '../zip/directory';
import { readZipMember } from '../zip/readMember';
import { readNpy } from './readNpy';

const SUFFIX = '.npy';

/** Reads a .npz archive (numpy.savez, numpy.savez_compressed): its arrays by name, in the archive's order. */
export async function readNpz(source: ByteSource): Promise<Readonly<Record<string, Tensor>>> {
  const arrays = new Map<string, Tensor>();
  for (const member of await listZip(source)) {
    if (!member.name.endsWith(SUFFIX))
      throw new FormatError(
        source.name,
        `member '${member.name}' is not a .npy array. Write the archive with numpy.savez.`,
      );
    const name = member.name.slice(0, -SUFFIX.length);
    if (arrays.has(name)) throw new FormatError(source.name, `has two arrays named '${name}'; rename one.`);
    const bytes = await readZipMember(source, member);
    arrays.set(name, await readNpy(bytesSource(bytes, `${source.name}/${member.name}`), name));
  }
  return Object.fromEntries(arrays);
}

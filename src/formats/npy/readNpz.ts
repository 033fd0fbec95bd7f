import type { Tensor } from '../../graph/tensor';
import { elementCount } from '../arraySize';
import { type ByteSource, bytesSource } from '../byteSource';
import { FormatError } from '../errors';
import { formatBytes } from '../readRange';
import { listZip, unpackedBytes } from '../zip/directory';
import { readZipMember } from '../zip/readMember';
import { readNpyHeader } from './header';
import { readNpy } from './readNpy';

const SUFFIX = '.npy';

/** Of the 64 MiB that opening a file may take beyond four times its size; the others are for its directory and headers. */
const FREE_BYTES = 60 * 2 ** 20;

/** What an array takes in memory: bytes of a file may be int32 there. */
async function elementBytes(source: ByteSource, name: string): Promise<number> {
  const what = `array '${name}'`;
  const { shape, type } = await readNpyHeader(source, what);
  return elementCount(shape, { file: source.name, what }) * (type === 'bool' ? 1 : 4);
}

/** Reads a .npz archive (numpy.savez, numpy.savez_compressed): its arrays by name, in the archive's order. */
export async function readNpz(source: ByteSource): Promise<Readonly<Record<string, Tensor>>> {
  const arrays = new Map<string, Tensor>();
  const members = await listZip(source);
  const most = 4 * source.size + FREE_BYTES - unpackedBytes(members);
  let room = most;
  for (const member of members) {
    if (!member.name.endsWith(SUFFIX))
      throw new FormatError(
        source.name,
        `member '${member.name}' is not a .npy array. Write the archive with numpy.savez.`,
      );
    const name = member.name.slice(0, -SUFFIX.length);
    if (arrays.has(name)) throw new FormatError(source.name, `has two arrays named '${name}'; rename one.`);
    const bytes = bytesSource(await readZipMember(source, member), `${source.name}/${member.name}`);
    room -= await elementBytes(bytes, name);
    if (room < 0)
      throw new FormatError(
        source.name,
        `its arrays (at '${name}') take more than ${formatBytes(most)} as float32 and int32, from a file of ${formatBytes(source.size)}. Write the archive without compression (numpy.savez, not savez_compressed).`,
      );
    arrays.set(name, await readNpy(bytes, name));
  }
  return Object.fromEntries(arrays);
}

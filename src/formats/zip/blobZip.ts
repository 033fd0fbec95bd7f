import type { ByteSource } from '../byteSource';
import { FormatError } from '../errors';
import { readRange, viewOf } from '../readRange';
import { Crc32 } from './crc32';
import type { ZipMember } from './directory';
import { readZipMember } from './readMember';
import { directoryEntry, endRecord, localHeader, MAX_BYTES, type StoredPart } from './writeStored';

/* Archives of files that are never in memory whole. */

const SLICE_BYTES = 2 ** 22;
/** Members start at a multiple of it, so that numbers in them are aligned. */
const ALIGNMENT = 8;
const LOCAL_BYTES = 30;
const STORED = 0;

async function crcOf(blob: Blob): Promise<number> {
  const crc = new Crc32();
  for (let start = 0; start < blob.size; start += SLICE_BYTES)
    crc.add(new Uint8Array(await blob.slice(start, start + SLICE_BYTES).arrayBuffer()));
  return crc.value;
}

/** An archive of files, stored as they are, in parts. A RangeError beyond 4 GiB. */
export async function zipOfBlobs(
  members: readonly { readonly name: string; readonly blob: Blob }[],
): Promise<readonly StoredPart[]> {
  const parts: StoredPart[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const { name, blob } of members) {
    const fields = { crc: await crcOf(blob), size: blob.size, name: new TextEncoder().encode(name) };
    const local = localHeader(fields, offset, ALIGNMENT);
    directory.push(directoryEntry(fields, offset));
    parts.push(local, blob);
    offset += local.length + blob.size;
    if (offset > MAX_BYTES)
      throw new RangeError(`'${name}' makes the archive larger than ${MAX_BYTES} bytes (4 GiB).`);
  }
  const size = directory.reduce((sum, entry) => sum + entry.length, 0);
  return [...parts, ...directory, endRecord(members.length, size, offset)];
}

/** A member as a Blob, checked; a stored one stays where it is. */
export async function memberBlob(source: ByteSource, member: ZipMember): Promise<Blob> {
  const { part } = source;
  if (member.method !== STORED || part === undefined)
    return new Blob([new Uint8Array(await readZipMember(source, member))]);
  const fail = (problem: string) =>
    new FormatError(source.name, `member '${member.name}' ${problem}. Save the project as a file again.`);
  const local = viewOf(
    await readRange(source, member.offset, member.offset + LOCAL_BYTES, `member '${member.name}'`),
  );
  if (local.getUint32(0, true) !== 0x04034b50) throw fail(`does not start at byte ${member.offset}`);
  const start = member.offset + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  const blob = new Blob([part(start, start + member.packed)]);
  if (blob.size !== member.size) throw fail(`has ${blob.size} bytes instead of ${member.size}`);
  if ((await crcOf(blob)) !== member.crc) throw fail('does not match its checksum');
  return blob;
}

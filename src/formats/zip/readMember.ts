import { inflateSync } from 'fflate';
import type { ByteSource } from '../byteSource';
import { FormatError } from '../errors';
import { readRange, viewOf } from '../readRange';
import { crc32 } from './crc32';
import { DEFLATED, type ZipMember } from './directory';

const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const ENCRYPTED = 1;

function unpack(packed: Uint8Array, member: ZipMember, fail: (problem: string) => never): Uint8Array {
  if (member.method === STORED) return packed;
  if (member.method !== DEFLATED)
    return fail(`is packed by method ${member.method}; stored (0) and deflated (8) can be read`);
  try {
    // The output is no longer than stated, whatever the stream holds; the checksum finds what does not fit.
    return inflateSync(packed, { out: new Uint8Array(member.size) });
  } catch (reason) {
    return fail(`cannot be unpacked (${reason instanceof Error ? reason.message : String(reason)})`);
  }
}

/** One member's bytes, unpacked and checked against their length and checksum. */
export async function readZipMember(source: ByteSource, member: ZipMember): Promise<Uint8Array> {
  const what = `member '${member.name}'`;
  const fail = (problem: string): never => {
    throw new FormatError(source.name, `${what} ${problem}. Write the archive again.`);
  };
  if (member.flags & ENCRYPTED) fail('is encrypted');
  const local = viewOf(await readRange(source, member.offset, member.offset + LOCAL_BYTES, what));
  if (local.getUint32(0, true) !== LOCAL_SIGNATURE) fail(`does not start at byte ${member.offset}`);
  const start = member.offset + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  const bytes = unpack(await readRange(source, start, start + member.packed, what), member, fail);
  if (bytes.length !== member.size) fail(`has ${bytes.length} bytes instead of ${member.size}`);
  if (crc32(bytes) !== member.crc) fail('does not match its checksum');
  return bytes;
}

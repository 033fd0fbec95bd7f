import type { ByteSource } from '../byteSource';
import { FormatError } from '../errors';
import { formatBytes, readRange, viewOf } from '../readRange';

/** The central directory is read whole; a million members take about this much. */
export const MAX_DIRECTORY_BYTES = 64 * 2 ** 20;
/** The largest member that is unpacked; browsers allocate little more in one piece. */
export const MAX_MEMBER_BYTES = 2 ** 31;
/** Deflate's best case is 1032 bytes from one (https://zlib.net/zlib_tech.html); a larger claim is a zip bomb. */
export const MAX_DEFLATE_RATIO = 1032;

/**
 * What the deflated members of an archive may have in all, beyond twice the archive itself: the rest of what opening a file
 * may take (four times its size and 64 MiB) is for what is made of them.
 */
export const FREE_UNPACKED_BYTES = 2 ** 25;
/** The method that is packed, of the two that are read. */
export const DEFLATED = 8;

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65535;
const END64_LOCATOR_SIGNATURE = 0x07064b50;
const END64_LOCATOR_BYTES = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;
const MEMBER_SIGNATURE = 0x02014b50;
const MEMBER_BYTES = 46;
/** A 32-bit field of this value stands for one of 64 bits in the zip64 extra field. */
const IN_ZIP64 = 0xffffffff;

/** One file inside a zip archive, as the central directory states it. */
export interface ZipMember {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Where its local header starts. */
  readonly offset: number;
}

interface Directory {
  readonly count: number;
  readonly start: number;
  readonly size: number;
}

const damaged = (source: ByteSource, problem: string): FormatError =>
  new FormatError(source.name, `${problem}. The zip archive is cut short or damaged; get it again.`);

/** A zip's directory stands at its end, behind it at most a comment. */
async function findDirectory(source: ByteSource): Promise<Directory> {
  const from = Math.max(0, source.size - END_BYTES - MAX_COMMENT_BYTES);
  const view = viewOf(await readRange(source, from, source.size, 'the end of the zip archive'));
  for (let at = view.byteLength - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END_SIGNATURE) continue;
    if (at + END_BYTES + view.getUint16(at + 20, true) !== view.byteLength) continue;
    const directory = {
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      start: view.getUint32(at + 16, true),
    };
    const large = directory.count === 0xffff || directory.size === IN_ZIP64 || directory.start === IN_ZIP64;
    return large ? findDirectory64(source, from + at) : directory;
  }
  throw damaged(source, 'has no zip directory at its end');
}

async function findDirectory64(source: ByteSource, end: number): Promise<Directory> {
  const what = 'the zip64 directory';
  const locator = viewOf(await readRange(source, end - END64_LOCATOR_BYTES, end, what));
  if (locator.getUint32(0, true) !== END64_LOCATOR_SIGNATURE)
    throw damaged(source, 'lacks its zip64 locator');
  const at = Number(locator.getBigUint64(8, true));
  const view = viewOf(await readRange(source, at, at + END64_BYTES, what));
  if (view.getUint32(0, true) !== END64_SIGNATURE) throw damaged(source, 'lacks its zip64 directory');
  return {
    count: Number(view.getBigUint64(32, true)),
    size: Number(view.getBigUint64(40, true)),
    start: Number(view.getBigUint64(48, true)),
  };
}

/** Sizes and offset of a member, from the zip64 extra field where the 32-bit fields point there. */
function wideFields(
  view: DataView,
  extra: number,
  end: number,
  narrow: readonly number[],
): readonly number[] {
  let at = extra;
  while (at + 4 <= end && view.getUint16(at, true) !== 1) at += 4 + view.getUint16(at + 2, true);
  at += 4;
  return narrow.map((value) => {
    if (value !== IN_ZIP64 || at + 8 > end) return value;
    at += 8;
    return Number(view.getBigUint64(at - 8, true));
  });
}

function parseMember(source: ByteSource, bytes: Uint8Array, at: number): { member: ZipMember; next: number } {
  const view = viewOf(bytes);
  if (at + MEMBER_BYTES > bytes.length || view.getUint32(at, true) !== MEMBER_SIGNATURE)
    throw damaged(source, `the zip directory breaks off at byte ${at} of ${bytes.length}`);
  const nameEnd = at + MEMBER_BYTES + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const next = extraEnd + view.getUint16(at + 32, true);
  if (next > bytes.length)
    throw damaged(source, `the zip directory breaks off at byte ${at} of ${bytes.length}`);
  const narrow = [24, 20, 42].map((field) => view.getUint32(at + field, true));
  const [size = 0, packed = 0, offset = 0] = wideFields(view, nameEnd, extraEnd, narrow);
  const member = {
    name: new TextDecoder().decode(bytes.subarray(at + MEMBER_BYTES, nameEnd)),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed,
    size,
    offset,
  };
  return { member, next };
}

/** Sizes that no honest archive states, found before anything is unpacked. */
function checkSizes(source: ByteSource, members: readonly ZipMember[]): void {
  const packed = members.reduce((sum, member) => sum + member.packed, 0);
  if (packed > source.size)
    throw damaged(
      source,
      `its members claim ${formatBytes(packed)} of a file of ${formatBytes(source.size)}`,
    );
  for (const { name, size, packed: from } of members) {
    if (size > MAX_MEMBER_BYTES)
      throw new FormatError(
        source.name,
        `member '${name}' has ${formatBytes(size)}; at most ${formatBytes(MAX_MEMBER_BYTES)} are unpacked.`,
      );
    if (size > from * MAX_DEFLATE_RATIO)
      throw damaged(source, `member '${name}' claims ${formatBytes(size)} from ${formatBytes(from)} packed`);
  }
  checkUnpacked(source, members);
}

function checkUnpacked(source: ByteSource, members: readonly ZipMember[]): void {
  const size = unpackedBytes(members);
  const most = 2 * source.size + FREE_UNPACKED_BYTES;
  if (size > most)
    throw new FormatError(
      source.name,
      `its members unpack to ${formatBytes(size)} from a file of ${formatBytes(source.size)}; at most ${formatBytes(most)} are unpacked. Write the archive without compression (numpy.savez, not savez_compressed).`,
    );
}

/** What deflated members have unpacked, in all; stored ones take nothing but their place in the file. */
export const unpackedBytes = (members: readonly ZipMember[]): number =>
  members.reduce((sum, { method, size }) => sum + (method === DEFLATED ? size : 0), 0);

/**
 * The members of a zip archive (PKWARE's APPNOTE.TXT, zip64 included), directories left out. A FormatError when the
 * directory is damaged or states sizes that cannot be.
 */
export async function listZip(source: ByteSource): Promise<readonly ZipMember[]> {
  const { count, start, size } = await findDirectory(source);
  if (size > MAX_DIRECTORY_BYTES)
    throw new FormatError(
      source.name,
      `its zip directory has ${formatBytes(size)}; at most ${formatBytes(MAX_DIRECTORY_BYTES)} are read.`,
    );
  const bytes = await readRange(source, start, start + size, 'the zip directory');
  const members: ZipMember[] = [];
  for (let at = 0; members.length < count; ) {
    const { member, next } = parseMember(source, bytes, at);
    members.push(member);
    at = next;
  }
  checkSizes(source, members);
  return members.filter((member) => !member.name.endsWith('/'));
}

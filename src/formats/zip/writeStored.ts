import { crc32 } from './crc32';

/* Zip archives of members that are stored as they are (APPNOTE.TXT 6.3, 4.3). */

/** A part of a written file: bytes, or a Blob that lies outside of this thread's memory. */
export type StoredPart = Uint8Array<ArrayBuffer> | Blob;

/** A member to store. Its bytes are asked for once, when their turn comes. */
export interface StoredMember {
  readonly name: string;
  readonly bytes: () => Uint8Array<ArrayBuffer>;
}

const LOCAL_BYTES = 30;
const MEMBER_BYTES = 46;
const END_BYTES = 22;
/** Zip 2.0, names in UTF-8. */
const VERSION = 20;
const UTF8 = 1 << 11;
/** 1 January 1980, the first day that zip knows: the same content gives the same file. */
const DATE = 0x21;
/** The 32-bit fields of plain zip; what PyTorch writes beyond is zip64. */
export const MAX_BYTES = 2 ** 32 - 2;
const MAX_MEMBERS = 65534;
/** Members from this size on leave this thread's memory as Blobs. */
const BLOB_BYTES = 2 ** 20;

/**
 * An archive in parts, one after the other. Each member's bytes start at a multiple of `alignment`: the extra field in
 * front of them is filled up. Throws a RangeError beyond 4 GiB or 65,534 members.
 */
export function storedZip(members: readonly StoredMember[], alignment: number): readonly StoredPart[] {
  if (members.length > MAX_MEMBERS)
    throw new RangeError(`A zip archive holds at most ${MAX_MEMBERS} members, not ${members.length}.`);
  const parts: StoredPart[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const member of members) {
    const name = new TextEncoder().encode(member.name);
    const bytes = member.bytes();
    const fields = { crc: crc32(bytes), size: bytes.length, name };
    const local = localHeader(fields, offset, alignment);
    directory.push(directoryEntry(fields, offset));
    parts.push(local, bytes.length >= BLOB_BYTES ? new Blob([bytes]) : bytes);
    offset += local.length + bytes.length;
    if (offset > MAX_BYTES)
      throw new RangeError(`'${member.name}' makes the zip archive larger than ${MAX_BYTES} bytes.`);
  }
  const size = directory.reduce((sum, entry) => sum + entry.length, 0);
  return [...parts, ...directory, endRecord(members.length, size, offset)];
}

interface Fields {
  readonly crc: number;
  readonly size: number;
  readonly name: Uint8Array;
}

export function localHeader(
  { crc, size, name }: Fields,
  offset: number,
  alignment: number,
): Uint8Array<ArrayBuffer> {
  const end = offset + LOCAL_BYTES + name.length;
  // An extra field needs 4 bytes for its own head.
  const extra = 4 + ((alignment - ((end + 4) % alignment)) % alignment);
  const bytes = new Uint8Array(LOCAL_BYTES + name.length + extra);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x04034b50, true);
  view.setUint16(4, VERSION, true);
  view.setUint16(6, UTF8, true);
  view.setUint16(12, DATE, true);
  view.setUint32(14, crc, true);
  view.setUint32(18, size, true);
  view.setUint32(22, size, true);
  view.setUint16(26, name.length, true);
  view.setUint16(28, extra, true);
  bytes.set(name, LOCAL_BYTES);
  // 'FB', as PyTorch calls its padding.
  view.setUint16(LOCAL_BYTES + name.length, 0x4246, true);
  view.setUint16(LOCAL_BYTES + name.length + 2, extra - 4, true);
  return bytes;
}

export function directoryEntry({ crc, size, name }: Fields, offset: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(MEMBER_BYTES + name.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x02014b50, true);
  view.setUint16(4, VERSION, true);
  view.setUint16(6, VERSION, true);
  view.setUint16(8, UTF8, true);
  view.setUint16(14, DATE, true);
  view.setUint32(16, crc, true);
  view.setUint32(20, size, true);
  view.setUint32(24, size, true);
  view.setUint16(28, name.length, true);
  view.setUint32(42, offset, true);
  bytes.set(name, MEMBER_BYTES);
  return bytes;
}

export function endRecord(count: number, size: number, offset: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(END_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, size, true);
  view.setUint32(16, offset, true);
  return bytes;
}

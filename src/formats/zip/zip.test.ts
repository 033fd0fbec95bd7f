import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../byteSource';
import { crc32 } from './crc32';
import { listZip } from './directory';
import { readZipMember } from './readMember';

const text = (value: string) => new TextEncoder().encode(value);
const plain = zipSync({ a: text('hello'), 'dir/': new Uint8Array(0), 'dir/b': text('b') }, { level: 0 });

async function readAll(file: Uint8Array): Promise<Record<string, string>> {
  const source = bytesSource(file, 'z.zip');
  const out: Record<string, string> = {};
  for (const member of await listZip(source))
    out[member.name] = new TextDecoder().decode(await readZipMember(source, member));
  return out;
}
const find = (file: Uint8Array, signature: number): number => {
  const view = new DataView(file.buffer);
  for (let at = 0; at + 4 <= file.length; at++) if (view.getUint32(at, true) === signature) return at;
  throw new Error('signature not found');
};
/** A copy with one field of the first structure of that signature changed. */
function patched(signature: number, field: number, value: number, width: 16 | 32 = 32): Uint8Array {
  const file = plain.slice();
  const at = find(file, signature) + field;
  if (width === 16) new DataView(file.buffer).setUint16(at, value, true);
  else new DataView(file.buffer).setUint32(at, value, true);
  return file;
}
const LOCAL = 0x04034b50;
const MEMBER = 0x02014b50;
const END = 0x06054b50;

/** The archive with its end rewritten as zip64, and the first member's sizes moved to the extra field. */
function zip64(): Uint8Array {
  const end = find(plain, END);
  const start = new DataView(plain.buffer).getUint32(end + 16, true);
  const tail = new Uint8Array(56 + 20 + 22);
  const view = new DataView(tail.buffer);
  view.setUint32(0, 0x06064b50, true);
  view.setBigUint64(32, 3n, true);
  view.setBigUint64(40, BigInt(end - start), true);
  view.setBigUint64(48, BigInt(start), true);
  view.setUint32(56, 0x07064b50, true);
  view.setBigUint64(64, BigInt(end), true);
  view.setUint32(76, END, true);
  for (const field of [84, 86]) view.setUint16(field, 0xffff, true);
  for (const field of [88, 92]) view.setUint32(field, 0xffffffff, true);
  return Uint8Array.from([...plain.subarray(0, end), ...tail]);
}

describe('zip', () => {
  it('reads stored and deflated members, directories left out', async () => {
    expect(await readAll(plain)).toEqual({ a: 'hello', 'dir/b': 'b' });
    expect(await readAll(zipSync({ a: text('hello '.repeat(100)) }, { level: 9 }))).toEqual({
      a: 'hello '.repeat(100),
    });
  });

  it('reads any bytes back', async () => {
    const level = fc.constantFrom(0 as const, 6 as const);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), level, async (bytes, at) => {
        const source = bytesSource(zipSync({ a: bytes }, { level: at }), 'z.zip');
        const [member] = await listZip(source);
        expect(member && [...(await readZipMember(source, member))]).toEqual([...bytes]);
      }),
    );
  });

  it('finds the directory in front of a comment, and through zip64', async () => {
    const commented = Uint8Array.from([...plain, ...text('note')]);
    new DataView(commented.buffer).setUint16(plain.length - 2, 4, true);
    expect(Object.keys(await readAll(commented))).toEqual(['a', 'dir/b']);
    expect(await readAll(zip64())).toEqual({ a: 'hello', 'dir/b': 'b' });
  });

  it('knows the standard check value of CRC-32', () => {
    expect(crc32(text('123456789'))).toBe(0xcbf43926);
  });

  it.each<[string, Uint8Array, string]>([
    ['cut short', plain.subarray(0, -1), 'no zip directory at its end'],
    ['one byte', plain.subarray(0, 1), 'no zip directory at its end'],
    ['a directory past the end', patched(END, 16, 0x7fffffff), 'the zip directory should stand at'],
    ['a huge directory', patched(END, 12, 0x7fffffff), 'at most 67,108,864 bytes'],
    ['more members than there are', patched(END, 10, 9, 16), 'breaks off at byte'],
    ['a long member name', patched(MEMBER, 28, 60000, 16), 'breaks off at byte 0'],
    ['a zip bomb', patched(MEMBER, 24, 0x7fffffff), "member 'a' claims 2,147,483,647 bytes from 5 bytes"],
    ['a member above the limit', patched(MEMBER, 24, 0xfffffffe), 'at most 2,147,483,648 bytes are unpacked'],
    ['a packed size above the file', patched(MEMBER, 20, 9999), 'its members claim 10,000 bytes'],
    ['an encrypted member', patched(MEMBER, 8, 1, 16), "member 'a' is encrypted"],
    ['an unknown method', patched(MEMBER, 10, 12, 16), 'is packed by method 12'],
    ['no deflate stream', patched(MEMBER, 10, 8, 16), "member 'a' cannot be unpacked"],
    ['another length', patched(MEMBER, 24, 6), 'has 5 bytes instead of 6'],
    ['another checksum', patched(MEMBER, 16, 1), 'does not match its checksum'],
    ['a wrong offset', patched(MEMBER, 42, 1), 'does not start at byte 1'],
    ['an offset past the end', patched(MEMBER, 42, 0x7fffffff), "member 'a' should stand at"],
    ['a broken local header', patched(LOCAL, 0, 0), 'does not start at byte 0'],
  ])('refuses %s', async (_, file, message) => {
    await expect(readAll(file)).rejects.toThrow(message);
    await expect(readAll(file)).rejects.toMatchObject({ name: 'FormatError' });
  });
});

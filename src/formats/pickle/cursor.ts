import { viewOf } from '../readRange';

/** The bytes end in the middle of something: a longer window of the file may have the rest. */
export class PickleEnd extends Error {
  override readonly name = 'PickleEnd';
}

/** A position in the bytes of a pickle. Every read checks the bytes that are left before it takes any. */
export class PickleCursor {
  private readonly view: DataView;
  constructor(
    readonly bytes: Uint8Array,
    public position = 0,
  ) {
    this.view = viewOf(bytes);
  }

  private take(count: number): number {
    if (count > this.bytes.length - this.position) throw new PickleEnd();
    this.position += count;
    return this.position - count;
  }

  byte(): number {
    return this.view.getUint8(this.take(1));
  }
  uint16(): number {
    return this.view.getUint16(this.take(2), true);
  }
  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }
  int32(): number {
    return this.view.getInt32(this.take(4), true);
  }
  /** A count of bytes in eight; one that no file can have ends the bytes, whatever else it is. */
  uint64(): number {
    return Number(this.view.getBigUint64(this.take(8), true));
  }
  /** The one number that stands big-endian. */
  float64(): number {
    return this.view.getFloat64(this.take(8), false);
  }
  slice(count: number): Uint8Array {
    const start = this.take(count);
    return this.bytes.subarray(start, start + count);
  }
  text(count: number): string {
    return new TextDecoder().decode(this.slice(count));
  }
  /** Text up to a line feed, which is consumed. */
  line(): string {
    const end = this.bytes.indexOf(10, this.position);
    if (end < 0) throw new PickleEnd();
    const text = this.text(end - this.position);
    this.take(1);
    return text;
  }

  /** A signed little-endian integer of any length (opcodes LONG1 and LONG4): a number where one holds it exactly. */
  long(count: number): number | bigint {
    const bytes = this.slice(count);
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
    if ((bytes.at(-1) ?? 0) & 0x80) value -= 1n << BigInt(8 * count);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
}

import type { ByteSource } from '../../byteSource';
import { FormatError } from '../../errors';
import { readRange } from '../../readRange';

/* Protobuf's wire format (protobuf.dev/programming-guides/encoding): a sequence of fields, read by ranges of the file. */

const VARINT = 0;
const FIXED_64 = 1;
export const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** A message cannot be longer. */
export const MAX_MESSAGE_BYTES = 2 ** 31 - 1;

/** The tag and the length in front of a length-delimited field's value; field numbers here are below 16. */
export function lengthPrefix(number: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [(number << 3) | LENGTH_DELIMITED];
  let rest = length;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}

/** One field: bytes `[head, end)` with its tag, of which `[start, end)` are its value. */
export interface WireField {
  readonly number: number;
  readonly type: number;
  readonly head: number;
  readonly start: number;
  readonly end: number;
}

/** Enough for a thousand nodes at a time. */
const WINDOW_BYTES = 2 ** 16;
/** A tag, and a length or number, of at most ten bytes each. */
const HEAD_BYTES = 20;

/** A part of a file that moves along as it is read. */
class Window {
  private bytes: Uint8Array = new Uint8Array();
  private start = 0;

  constructor(
    private readonly source: ByteSource,
    private readonly end: number,
  ) {}

  /** Makes the bytes of a field's head available. */
  async moveTo(position: number): Promise<void> {
    const needed = Math.min(position + HEAD_BYTES, this.end);
    if (position >= this.start && needed <= this.start + this.bytes.length) return;
    this.start = position;
    const end = Math.min(position + WINDOW_BYTES, this.end);
    this.bytes = await readRange(this.source, position, end, 'the model');
  }

  /** A varint, and the position behind it. */
  varint(position: number): readonly [value: number, next: number] {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.bytes[position + i - this.start];
      if (byte === undefined || position + i >= this.end) break;
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return [value, position + i + 1];
    }
    throw this.damaged(position);
  }

  damaged(position: number): FormatError {
    return new FormatError(
      this.source.name,
      `this is not an ONNX model, or the file is truncated or damaged (no protobuf field at byte ${position}).`,
    );
  }
}

function endOf(window: Window, type: number, start: number): readonly [start: number, end: number] {
  switch (type) {
    case VARINT:
      return [start, window.varint(start)[1]];
    case FIXED_64:
      return [start, start + 8];
    case FIXED_32:
      return [start, start + 4];
    case LENGTH_DELIMITED: {
      const [length, value] = window.varint(start);
      return [value, value + length];
    }
    default:
      throw window.damaged(start);
  }
}

/**
 * The fields of a message that is bytes `[start, end)` of a file, in their order; their values are not read. Throws a
 * FormatError where no field can be.
 */
export async function* fieldsOf(source: ByteSource, start: number, end: number): AsyncGenerator<WireField> {
  const window = new Window(source, end);
  for (let head = start; head < end; ) {
    await window.moveTo(head);
    const [tag, behind] = window.varint(head);
    const type = tag % 8;
    const [value, next] = endOf(window, type, behind);
    if (next > end) throw window.damaged(head);
    yield { number: Math.floor(tag / 8), type, head, start: value, end: next };
    head = next;
  }
}

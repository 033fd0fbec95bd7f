/** A field of a protobuf message: a varint as a number, anything else as its bytes. */
export interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

class Cursor {
  position = 0;
  constructor(readonly bytes: Uint8Array) {}

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.position++];
      if (byte === undefined) throw new Error('protobuf: a number runs past the end of the message');
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  take(length: number): Uint8Array {
    const end = this.position + length;
    if (end > this.bytes.length) throw new Error(`protobuf: ${length} bytes run past the end of the message`);
    const part = this.bytes.subarray(this.position, end);
    this.position = end;
    return part;
  }
}

/**
 * The fields of one protobuf message, in order. It shares no code with the studio's reader, so that a test which
 * compares with the studio's results does not inherit its mistakes.
 */
export function protobufFields(bytes: Uint8Array): readonly Field[] {
  const cursor = new Cursor(bytes);
  const fields: Field[] = [];
  while (cursor.position < bytes.length) {
    const key = cursor.varint();
    const lengths = { 1: 8, 5: 4 };
    const wire = key % 8;
    if (wire === 0) fields.push({ number: key >> 3, value: cursor.varint() });
    else if (wire === 2) fields.push({ number: key >> 3, value: cursor.take(cursor.varint()) });
    else if (wire === 1 || wire === 5) fields.push({ number: key >> 3, value: cursor.take(lengths[wire]) });
    else throw new Error(`protobuf: wire type ${wire} is not used by ONNX`);
  }
  return fields;
}

export const messages = (bytes: Uint8Array, number: number): readonly Uint8Array[] =>
  protobufFields(bytes).flatMap((field) =>
    field.number === number && field.value instanceof Uint8Array ? [field.value] : [],
  );

export const texts = (bytes: Uint8Array, number: number): readonly string[] =>
  messages(bytes, number).map((part) => new TextDecoder().decode(part));

/** Values of a repeated integer field, packed or not. */
export function integers(bytes: Uint8Array, number: number): readonly number[] {
  return protobufFields(bytes).flatMap((field) => {
    if (field.number !== number) return [];
    if (typeof field.value === 'number') return [field.value];
    const cursor = new Cursor(field.value);
    const values: number[] = [];
    while (cursor.position < field.value.length) values.push(cursor.varint());
    return values;
  });
}
